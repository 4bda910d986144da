/** A line of a text in PyTorch. */

export interface TorchLine {
  readonly code: string;
  /** Behind the code; empty where there is none. */
  readonly comment: string;
  /** The id of the step that it is, or of the value that a rank keeps; null of what belongs to none. */
  readonly of: string | null;
}

/** Where comments begin, if the code before them leaves room. */
const COMMENT_COLUMN = 50;

export function line(code: string, comment = '', of: string | null = null): TorchLine {
  return { code, comment, of };
}

/** The line as it is written. */
export function textOf({ code, comment }: TorchLine): string {
  return comment === '' ? code : `${code.padEnd(COMMENT_COLUMN - 2)}  # ${comment}`;
}
