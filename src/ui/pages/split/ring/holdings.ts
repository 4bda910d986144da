/** Who holds what of the travelling buffer after each step of the ring: the schedule, replayed without the numbers. */

import type { ringOf } from '#lab/split/timeline.ts';

export type Ring = NonNullable<ReturnType<typeof ringOf>>;

/** One chunk on one rank. */
export interface Holding {
  /** How many ranks' terms are in it; 0 where the rank has nothing of it yet. */
  readonly terms: number;
  /** Nothing is missing: the full sum, or the owner's data. */
  readonly complete: boolean;
}

/** One chunk on its way from one rank to the next. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly chunk: number;
  readonly action: Ring[number]['steps'][number]['action'];
}

/** `holdings[rank][chunk]` after `ringSteps` steps. */
export function holdingsAfter(ring: Ring, ringSteps: number): Holding[][] {
  const worldSize = ring.length;
  let held = ring.map((schedule): Holding[] =>
    Array.from({ length: worldSize }, (_, chunk) => {
      const loaded = schedule.load.includes(chunk);
      return { terms: loaded ? 1 : 0, complete: loaded && schedule.kind === 'all_gather' };
    }),
  );
  for (let index = 0; index < ringSteps; index++) {
    const before = held;
    held = before.map((row, rank) => {
      const step = ring[rank]?.steps[index];
      const own = step === undefined ? undefined : row[step.into];
      const read = step === undefined ? undefined : before[step.from]?.[step.chunk];
      if (step === undefined || own === undefined || read === undefined) return row;
      const after =
        step.action === 'reduce'
          ? { terms: own.terms + read.terms, complete: step.final || own.complete }
          : read;
      return row.with(step.into, after);
    });
  }
  return held;
}

/** What moves in one step, one entry a receiving rank. */
export function movesOf(ring: Ring, index: number): Move[] {
  return ring.flatMap((schedule, to) => {
    const step = schedule.steps[index];
    return step === undefined ? [] : [{ from: step.from, to, chunk: step.chunk, action: step.action }];
  });
}
