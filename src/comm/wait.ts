/** Waiting for another rank: a short spin where each rank has a core, then sleep, with an eye on all that may go wrong. */

import { abortError, abortGroup, isAborted } from '../group/abort.ts';
import { hasReached } from '../group/counter.ts';
import { CONTROL, type GroupMemory } from '../group/memory.ts';
import { hasRefused } from '../group/refusal.ts';

/** A sleeping rank looks at the abort word this often, should a wake-up be missed. */
const SLICE_MS = 20;
/** Some microseconds: about what a neighbour that is in step with us still needs. */
const SPINS = 2000;
/** A slice that takes this long was no wait: the machine slept, or the browser stood still. */
const STANDSTILL_MS = 1000;

export interface Wait {
  /** Who waits, and for whom. */
  readonly rank: number;
  readonly peer: number;
  /** The position in `words` of a counter of the peer's, and what it has to reach. */
  readonly index: number;
  readonly target: number;
  readonly timeoutMs: number;
  readonly during: 'call' | 'message';
}

type WaitResult = 'ready' | 'aborted' | 'timeout' | 'interrupted' | 'refused';

/**
 * Blocks the thread until the peer's counter has reached its target. The caller must have no mapAsync pending that the
 * peer waits for: a blocked rank gets no messages.
 * @throws LabError where it does not; the group is then aborted for every rank
 */
export function waitFor(group: GroupMemory, wait: Wait): void {
  const { rank, peer, timeoutMs, during } = wait;
  const result = waitUntil(group, wait);
  switch (result) {
    case 'ready':
      return;
    case 'aborted':
      break;
    case 'timeout':
      abortGroup(group, { ...missingFor(group, wait), other: rank, during });
      break;
    case 'interrupted':
      abortGroup(group, { kind: 'interrupted' });
      break;
    case 'refused':
      abortGroup(group, { kind: 'refused', rank: peer, other: rank });
      break;
    default:
      result satisfies never;
  }
  throw abortError(group, timeoutMs);
}

function waitUntil(group: GroupMemory, { rank, peer, index, target, timeoutMs }: Wait): WaitResult {
  const { words } = group;
  const reached = (): boolean => hasReached(group, index, target);
  if (reached()) return isAborted(group) ? 'aborted' : 'ready';
  if (group.cores >= group.worldSize) {
    for (let spin = 0; spin < SPINS; spin++) if (reached()) return isAborted(group) ? 'aborted' : 'ready';
  }
  const waitsFor = group.controlIndex(rank, CONTROL.waitsFor);
  words[group.controlIndex(rank, CONTROL.waitIndex)] = index;
  words[group.controlIndex(rank, CONTROL.waitTarget)] = target;
  // Before the last look at the counter: who raises it wakes only those who have said that they wait.
  Atomics.store(words, waitsFor, peer + 1);
  let time = performance.now();
  let stoodStillMs = 0;
  const deadline = time + timeoutMs;
  // Who gives up still stands there as waiting: another that gives up at the same moment must not take it for the one
  // that is missing.
  const ready = (): WaitResult => {
    Atomics.store(words, waitsFor, 0);
    return 'ready';
  };
  for (;;) {
    const seen = Atomics.load(words, index);
    if (isAborted(group)) return 'aborted';
    if (reached()) return ready();
    // What it did before it refused counts: hence another look.
    if (hasRefused(group, peer)) return reached() ? ready() : 'refused';
    const before = time;
    time = performance.now();
    stoodStillMs += Math.max(0, time - before - STANDSTILL_MS);
    if (time >= deadline) return time - stoodStillMs >= deadline ? 'timeout' : 'interrupted';
    Atomics.wait(words, index, seen, Math.min(SLICE_MS, deadline - time));
  }
}

/**
 * Who keeps everybody waiting: the peer may itself wait for a rank that never came, and so on. Whoever the chain ends with
 * waits for nobody. A chain that runs in a circle has no end: then nobody is missing, and all of them are to blame.
 */
function missingFor(
  group: GroupMemory,
  { rank, peer }: Wait,
): { kind: 'deadline' | 'deadlock'; rank: number } {
  const met = new Set([rank]);
  for (let missing = peer; ; ) {
    if (met.has(missing)) return { kind: 'deadlock', rank: peer };
    met.add(missing);
    const next = waitedFor(group, missing);
    if (next === null) return { kind: 'deadline', rank: missing };
    missing = next;
  }
}

/** Whom a rank waits for; null where it waits for nobody, or for what has come: then it is no longer there to see it. */
function waitedFor(group: GroupMemory, rank: number): number | null {
  const word = (name: number): number => Atomics.load(group.words, group.controlIndex(rank, name));
  const peer = word(CONTROL.waitsFor) - 1;
  return peer < 0 || hasReached(group, word(CONTROL.waitIndex), word(CONTROL.waitTarget)) ? null : peer;
}
