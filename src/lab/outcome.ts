/** What comes of work in a worker that is no rank: failures cross as values, for an Error loses its code on the way. */

import { LabError, messageOf } from '../base/errors.ts';
import type { Failure, Outcome } from '../protocol.ts';

/** In the worker: what came of it, whatever that was. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) };
  }
}

/** Anything that was thrown, as what a page keeps of it. */
export function failureOf(thrown: unknown): Failure {
  const code = thrown instanceof LabError ? thrown.code : 'unknown';
  const stack = thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {};
  return { code, message: messageOf(thrown), ...stack };
}

/** What a failure was before: a LabError of the same code, or an Error where it was none. */
export function errorOf({ code, message, stack }: Failure): Error {
  return code === 'unknown'
    ? new Error(message, { cause: stack })
    : new LabError(code, message, { cause: stack });
}

/**
 * On the page: the value.
 * @throws LabError as it was thrown there; an Error with the same message where it was none
 */
export function valueIn<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw errorOf(outcome.failure);
}
