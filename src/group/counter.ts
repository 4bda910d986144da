/** Counters in shared memory: one rank raises them, and others wait for a value. They wrap round at 2³². */

import { CONTROL, type GroupMemory } from './memory.ts';

/**
 * Sets a counter and wakes who sleeps on it. A wake-up costs an engine a lock that all threads share (0.1 µs each where two
 * ranks are in step), so it is left out where nobody has said that it waits for this rank. Nobody is missed: who sleeps has
 * said so before it looked at the counter for the last time (comm/wait.ts), and Atomics have one order for all.
 */
export function raise(group: GroupMemory, rank: number, index: number, value: number): void {
  const { words, worldSize } = group;
  Atomics.store(words, index, value);
  for (let other = 0; other < worldSize; other++) {
    if (Atomics.load(words, group.controlIndex(other, CONTROL.waitsFor)) !== rank + 1) continue;
    Atomics.notify(words, index);
    return;
  }
}

/** Counters wrap, so that they are compared by their distance. */
export function hasReached({ words }: GroupMemory, index: number, target: number): boolean {
  return ((Atomics.load(words, index) - target) | 0) >= 0;
}
