/**
 * The two families of error. `LabError` is about the world (an environment, an input, a rank, a deadline) and
 * is shown to the user; `invariant` is about us (a bug) and is not caught.
 */

import { describeValue } from './describe.ts';

export type LabErrorCode =
  | 'environment' // this browser or machine lacks something we need
  | 'memory' // the browser refused the memory that the ranks share
  | 'input' // a value that the caller gave cannot be used
  | 'device' // a GPU device failed, ran out of memory or was lost
  | 'rank-failed' // a rank program threw
  | 'deadline' // somebody did not arrive in time
  | 'mismatch' // two ranks called different collectives
  | 'interrupted' // the machine slept, or the browser stood still, for longer than anybody waits
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

/** The same with a full stop, and one only: browsers end some of their messages with one. */
export function sentenceOf(thrown: unknown): string {
  const message = messageOf(thrown).trim();
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/**
 * The message of anything that was thrown.
 * @param who threw it, for what does not say so itself: "run()"
 */
export function messageOf(thrown: unknown, who = 'It'): string {
  if (!(thrown instanceof Error)) return `${who} threw ${describeValue(thrown)}, which is no Error`;
  const { message, name }: { message: unknown; name: unknown } = thrown;
  if (typeof message === 'string' && message !== '') return message;
  return `${who} threw ${typeof name === 'string' ? name : 'an Error'} without a message`;
}
