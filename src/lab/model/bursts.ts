/** Has the ranks draw tokens by themselves, some at a time. */

import { invariant } from '../../base/errors.ts';
import type { GenerateTask, ModelToken, Spent } from '../../protocol.ts';
import type { ModelRanks } from './ModelRanks.ts';

/** So long the ranks go on by themselves: text still seems to flow, and the page costs them nothing. */
const BURST_MS = 40;
const MOST_IN_BURST = 64;

export interface DrawnToken extends Pick<ModelToken, 'id' | 'candidates'> {
  /** By rank; empty where it was not traced. */
  readonly spent: readonly Spent[];
}

/** Why the ranks draw no more. */
export type DrawnOut = 'count' | 'stop token' | 'stopped';

/**
 * Burst after burst, the first of one token.
 * @param seen tokens in the caches of the ranks; kept up to date
 * @param task of all bursts together
 */
export async function* drawBursts(
  group: ModelRanks,
  seen: number[],
  task: GenerateTask,
  signal?: AbortSignal,
): AsyncGenerator<DrawnToken[], DrawnOut> {
  let burst = 1;
  for (let made = 0; made < task.count; ) {
    if (signal?.aborted) return 'stopped';
    const startMs = performance.now();
    const ranks = await group.all('generate', { ...task, count: Math.min(burst, task.count - made) });
    const tokens = agreed(ranks);
    const eachMs = (performance.now() - startMs) / tokens.length;
    burst = Math.max(1, Math.min(MOST_IN_BURST, 2 * burst, Math.floor(BURST_MS / eachMs)));
    made += tokens.length;
    const run = tokens.filter(({ id }) => !task.stopIds.includes(id)); // one that stops is not run
    seen.push(...run.map(({ id }) => id));
    yield run.map(({ id, candidates }, i) => {
      const spent = ranks.flatMap((own) => own[i]?.spent ?? []);
      return { id, candidates, spent };
    });
    if (run.length < tokens.length) return 'stop token';
  }
  return 'count';
}

/** The same, but each is asked for before the one ahead of it is given out: whoever makes them need not wait meanwhile. */
export async function* ahead<T, End>(all: AsyncGenerator<T, End>): AsyncGenerator<T, End> {
  for (let next = all.next(); ; ) {
    const { value, done } = await next;
    if (done) return value;
    next = all.next();
    next.catch(() => {}); // it is thrown where it is waited for, which may be nowhere
    yield value;
  }
}

/** Every rank draws for itself. */
function agreed(ranks: readonly (readonly ModelToken[])[]): readonly ModelToken[] {
  const [first = [], ...others] = ranks;
  const ids = (tokens: readonly ModelToken[]): string => tokens.map(({ id }) => id).join();
  invariant(
    others.every((tokens) => ids(tokens) === ids(first)),
    () => `the ranks drew ${ranks.map(ids).join(' and ')}`,
  );
  return first;
}
