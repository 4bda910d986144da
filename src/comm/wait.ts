/** Waiting for another rank: a short spin where each rank has a core, then sleep, with an eye on abort and deadline. */

import { isAborted } from './abort.ts';
import type { GroupMemory } from './memory.ts';

/** A sleeping rank looks at the abort word this often, should a wake-up be missed. */
const SLICE_MS = 20;
/** Some microseconds: about what a neighbour that is in step with us still needs. */
const SPINS = 2000;

export type WaitResult = 'ready' | 'aborted' | 'timeout';

/**
 * Blocks the thread until the counter at `index` has reached `target`. Counters wrap, so that they are compared by
 * their distance. The caller must have no mapAsync pending: a blocked rank gets no messages.
 */
export function waitUntil(group: GroupMemory, index: number, target: number, timeoutMs: number): WaitResult {
  const { words } = group;
  const reached = (): boolean => ((Atomics.load(words, index) - target) | 0) >= 0;
  if (reached()) return isAborted(group) ? 'aborted' : 'ready';
  if (group.cores >= group.worldSize) {
    for (let spin = 0; spin < SPINS; spin++) if (reached()) return isAborted(group) ? 'aborted' : 'ready';
  }
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = Atomics.load(words, index);
    if (isAborted(group)) return 'aborted';
    if (((seen - target) | 0) >= 0) return 'ready';
    const left = deadline - performance.now();
    if (left <= 0) return 'timeout';
    Atomics.wait(words, index, seen, Math.min(SLICE_MS, left));
  }
}
