/** What comes of work in a worker that is no rank: failures cross as values, for an Error loses its code on the way. */

import { LabError, messageOf } from '../base/errors.ts';
import type { Outcome } from '../protocol.ts';

/** In the worker: what came of it, whatever that was. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    const code = thrown instanceof LabError ? thrown.code : 'unknown';
    const stack = thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {};
    return { ok: false, failure: { code, message: messageOf(thrown), ...stack } };
  }
}

/**
 * On the page: the value.
 * @throws LabError as it was thrown there; an Error with the same message where it was none
 */
export function valueIn<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, stack } = outcome.failure;
  if (code === 'unknown') throw new Error(message, { cause: stack });
  throw new LabError(code, message, { cause: stack });
}
