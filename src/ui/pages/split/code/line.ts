/** One line of the program that the page shows. */

/** Where in the program the scrubber may stand. */
export type Stop = 'cut' | 'multiply 0' | 'multiply 1' | 'ring' | 'bias' | 'done';

export interface CodeLine {
  readonly text: string;
  readonly stops: readonly Stop[];
  /** wrong: the bug. caught: the check that fails because of it. */
  readonly mark?: 'wrong' | 'caught';
}

/** Where comments begin, if the code before them leaves room. */
const COMMENT_COLUMN = 50;

export function line(code: string, comment = '', ...stops: Stop[]): CodeLine {
  const text = comment === '' ? code : `${code.padEnd(COMMENT_COLUMN - 2)}  ${comment}`;
  return { text, stops };
}
