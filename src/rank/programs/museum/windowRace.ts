/**
 * Two all-reduces of a ring one after the other, over the same windows, in a simulation: a rank that is done may write
 * the next call's numbers into its window while its neighbour still reads the last call's. Run by the schedule that the
 * ranks run, in the one order of steps that shows it.
 */

import { ringSchedule } from '../../../collectives/schedule.ts';
import { shardRanges } from '../../../numerics/ranges.ts';

export interface RaceOptions {
  readonly worldSize: number;
  /** `[call][rank]`: what each rank brings to a call. */
  readonly terms: readonly (readonly Float32Array[])[];
  /** Whether a rank waits until all who read its window are done with it. */
  readonly barrier: boolean;
}

/** What each rank has after the first call. */
export function raceOfWindows({ worldSize, terms, barrier }: RaceOptions): Float32Array[] {
  const [first = [], next = []] = terms;
  const schedules = first.map((_, rank) => ringSchedule('all_reduce', worldSize, rank));
  const chunks = shardRanges(first[0]?.length ?? 0, worldSize);
  const windows = first.map((term) => term.slice());
  const done = schedules.map(() => 0);
  const outputs: Float32Array[] = [];

  const step = (rank: number): void => {
    const what = schedules[rank]?.steps[done[rank] ?? 0];
    const [own, from] = [windows[rank], what && windows[what.from]];
    if (what === undefined || own === undefined || from === undefined) return;
    const read = chunks[what.chunk] ?? { start: 0, end: 0 };
    const into = chunks[what.into] ?? read;
    for (let i = 0; i < read.end - read.start; i++) {
      const received = from[read.start + i] ?? 0;
      const held = own[into.start + i] ?? 0;
      own[into.start + i] = what.action === 'reduce' ? held + received : received;
    }
    done[rank] = (done[rank] ?? 0) + 1;
  };
  const isDone = (rank: number): boolean => done[rank] === schedules[rank]?.steps.length;
  const mayReuse = (rank: number): boolean =>
    !barrier || (schedules[rank]?.readers ?? []).every((reader) => outputs[reader] !== undefined);
  const finish = (rank: number): void => {
    if (outputs[rank] === undefined && isDone(rank)) outputs[rank] = (windows[rank] as Float32Array).slice();
  };
  /** The next call begins: its numbers go into the window. */
  const begin = (rank: number): void => {
    if (isDone(rank) && mayReuse(rank)) windows[rank]?.set(next[rank] ?? []);
  };

  // Rank 0 is always a little ahead, and begins the next call as soon as it is done with this one.
  const rounds = Math.max(0, ...schedules.map(({ rounds }) => rounds));
  for (let round = 0; round <= rounds; round++) {
    for (let rank = 0; rank < worldSize; rank++) {
      step(rank);
      finish(rank);
      if (rank === 0) begin(rank);
    }
  }
  return outputs;
}
