/**
 * The two families of error. `LabError` is about the world (an environment, an input, a rank, a deadline) and
 * is shown to the user; `invariant` is about us (a bug) and is not caught.
 */

export type LabErrorCode =
  | 'environment' // this browser or machine lacks something we need
  | 'input' // a value that the caller gave cannot be used
  | 'device' // a GPU device failed, ran out of memory or was lost
  | 'rank-failed' // a rank program threw
  | 'deadline' // somebody did not arrive in time
  | 'mismatch' // two ranks called different collectives
  | 'closed'; // the group was closed or aborted while work was under way

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;
  /** The rank that caused it, where one did. */
  readonly rank: number | undefined;

  /** @param message names the actual value, the needed value and the remedy, in one or two sentences. */
  constructor(code: LabErrorCode, message: string, options: { rank?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.rank = options.rank;
  }
}

/** Stops at a broken assumption of ours. The message is a function so that the happy path never builds it. */
export function invariant(condition: unknown, message: () => string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message()}`);
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
