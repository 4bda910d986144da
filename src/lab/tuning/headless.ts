/** The tuning of kernels on a page without a face, which tools/bench.mjs opens and drives. */

import type { LinearShape } from '../../operations/operations.ts';
import { classOf, type ShapeClass } from '../../tuning/shapeClass.ts';
import { type Tuned, type TunedTable, withTuned } from '../../tuning/table.ts';
import { launchTuning } from './rank.ts';

export interface HeadlessTuning {
  readonly shapes: readonly LinearShape[];
  /** Times all kernels to the end too, and tells how good the race was. */
  readonly exhaustive: boolean;
}

/** What became of a class. */
export interface TunedNews {
  readonly cls: ShapeClass;
  readonly tuned: Tuned;
  /** Of the best kernel's speed, what the chosen one has where all were timed to the end; null where they were not. */
  readonly share: number | null;
}

/** @param tell settles when whoever drives the page has taken it */
export async function tune(
  { shapes, exhaustive }: HeadlessTuning,
  tell: (news: TunedNews) => Promise<void>,
): Promise<TunedTable> {
  const rank = await launchTuning(new AbortController().signal);
  let table: TunedTable = { ...rank.adapter.key, date: '', linear: {} };
  const classes = new Set(shapes.map(classOf).filter((cls) => cls !== null));
  for (const cls of classes) {
    const tuned = await rank.tune(cls);
    const all = exhaustive ? await rank.tune(cls, exhaustive) : null;
    await tell({ cls, tuned, share: all === null ? null : shareOf(tuned, all) });
    table = { ...withTuned(table, cls, tuned), date: new Date().toISOString() };
  }
  await rank.close();
  return table;
}

function shareOf({ variant }: Tuned, { mediansMs }: Tuned): number {
  const own = mediansMs.find(([id]) => id === variant)?.[1] ?? Number.POSITIVE_INFINITY;
  return (mediansMs[0]?.[1] ?? 0) / own;
}
