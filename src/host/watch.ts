/** The page's own deadline for its ranks: a thread that is lost in a loop, or dead, can tell of nothing. */

import { LabError } from '../base/errors.ts';
import { interruption } from '../group/abort.ts';
import { type GroupMemory, progressOf } from '../group/memory.ts';

/** The page waits a little longer than the ranks, whose own errors say more. */
const GRACE_MS = 1000;
const WATCH_MS = 100;
/** A timer that is so late was none: the machine slept, or the browser stood still. In a hidden tab they take a second. */
const STANDSTILL_MS = 2500;

export interface WatchOptions {
  readonly group: GroupMemory;
  /** Ranks that have not answered yet. */
  readonly waiting: ReadonlySet<number>;
  /** What they are to do: "answer". */
  readonly verb: string;
  readonly timeoutMs: number;
}

/**
 * Calls `late` once neither an answer nor a step of a collective has come for the time-out; after a standstill, the ranks
 * get a moment to go on.
 * @returns what ends the watch
 */
export function watchRanks(
  { group, waiting, verb, timeoutMs }: WatchOptions,
  late: (error: LabError) => void,
): () => void {
  let seen = '';
  let time = performance.now();
  let since = time;
  let awakeMs = 0;
  let stoodStill = false;
  const timer = setInterval(() => {
    const passedMs = performance.now() - time;
    time += passedMs;
    const signs = `${[...waiting].join()}/${progressOf(group).join()}`;
    if (signs !== seen) [since, stoodStill] = [time, false];
    seen = signs;
    if (passedMs > STANDSTILL_MS && !stoodStill) [stoodStill, awakeMs] = [true, 0];
    else awakeMs += Math.min(passedMs, STANDSTILL_MS); // in a hidden tab every timer is late
    if (time - since < timeoutMs + GRACE_MS) return;
    if (!stoodStill) late(lateness([...waiting], verb, timeoutMs));
    else if (awakeMs >= GRACE_MS) late(interruption(timeoutMs));
  }, WATCH_MS);
  return () => clearInterval(timer);
}

function lateness(waiting: readonly number[], verb: string, timeoutMs: number): LabError {
  const who = `Rank${waiting.length > 1 ? 's' : ''} ${waiting.join(', ')}`;
  const [rank = 0] = waiting;
  return new LabError(
    'deadline',
    `${who} did not ${verb} within ${timeoutMs} ms, nor take a step of a collective.`,
    { rank },
  );
}
