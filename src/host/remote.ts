/** A rank's program as the page calls it: each method is a `call` to its host, and what fails is thrown as a LabError. */

import type { Remote } from 'comlink';
import { LabError, messageOf } from '../base/errors.ts';
import type { Outcome, RankHost, Uncaught } from '../protocol.ts';
import type { RankProxy } from './rankProxy.ts';

/** @param ended of the group; after it, a call would never be answered */
export function remoteOf<P extends object>(
  host: Remote<RankHost>,
  rank: number,
  ended: AbortSignal,
): RankProxy<P> {
  const get = (_: object, method: string | symbol): unknown => {
    if (typeof method !== 'string' || method === 'then') return undefined; // not a promise
    return async (...args: unknown[]) => {
      if (ended.aborted) throw new LabError('closed', 'The group of ranks was closed. Launch a new one.');
      let outcome: Outcome<unknown>;
      try {
        outcome = await host.call(method, ...args);
      } catch (thrown) {
        throw unsent(thrown, rank, method);
      }
      return unwrap(outcome);
    };
  };
  return new Proxy({}, { get }) as RankProxy<P>;
}

/** Programs answer with outcomes and throw nothing: what Comlink rejects with is a message that could not be sent. */
function unsent(thrown: unknown, rank: number, method: string): LabError {
  const options = { rank, cause: thrown };
  if (thrown instanceof DOMException) {
    const message = `What ${method}() on rank ${rank} was given cannot be sent to it: ${messageOf(thrown)}`;
    return new LabError('input', message, options);
  }
  return new LabError(
    'rank-failed',
    `Rank ${rank} failed: what ${method}() returned cannot be sent to the page. ` +
      'Return numbers, strings, typed arrays, and plain objects or arrays of them.',
    options,
  );
}

/** The value, or the failure as a LabError that names the rank. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, rank, stack } = outcome.failure;
  const options = { ...(rank !== undefined && { rank }), cause: stack };
  if (code !== 'unknown') throw new LabError(code, message, options);
  throw new LabError('rank-failed', `Rank ${rank} failed: ${message}`, options);
}

export function isUncaught(data: unknown): data is Uncaught {
  return typeof data === 'object' && data !== null && 'uncaught' in data;
}
