/** All splits of the sizes that are chosen, side by side: what a rank keeps and sends, by their plans. */

import { ringSends } from '#collectives/work.ts';
import { configOf, problemWith, type SplitParams } from '#lab/split/params.ts';
import { bytesOf } from '#numerics/dtype.ts';
import { lengthOf } from '#numerics/ranges.ts';
import { planSplit, type SplitPlan } from '#program/splitPlan.ts';

export interface GlanceRow {
  readonly label: string;
  /** What to choose for it. */
  readonly patch: Pick<SplitParams, 'split' | 'gatherOutput'>;
  readonly chosen: boolean;
  /** Of the rank that has most. */
  readonly weightBytes: number;
  readonly sentBytes: number;
  readonly collective: string;
  /** Whether Y has the bits of the unsplit product, whatever the numbers. */
  readonly exact: boolean;
}

const SPLITS: readonly Pick<GlanceRow, 'label' | 'patch'>[] = [
  { label: 'none', patch: { split: 'none', gatherOutput: true } },
  { label: 'column', patch: { split: 'column', gatherOutput: false } },
  { label: 'column, gathered', patch: { split: 'column', gatherOutput: true } },
  { label: 'row', patch: { split: 'row', gatherOutput: true } },
  { label: 'pair', patch: { split: 'pair', gatherOutput: true } },
];

/** Empty where the sizes cannot run. */
export function glanceOf(params: SplitParams): GlanceRow[] {
  if (problemWith(params) !== null) return [];
  return SPLITS.map(({ label, patch }) => {
    const plan = planSplit(configOf({ ...params, ...patch }));
    const chosen =
      params.split === patch.split &&
      (patch.split !== 'column' || params.gatherOutput === patch.gatherOutput);
    return {
      label,
      patch,
      chosen,
      weightBytes: mostOf(plan, (rank) =>
        plan.products.reduce((sum, { shards }) => sum + (shards[rank]?.weightBytes ?? 0), 0),
      ),
      sentBytes: mostOf(plan, (rank) => sentBy(plan, rank)),
      collective: plan.config.worldSize === 1 ? '' : (plan.collective?.kind.replace('_', '-') ?? ''),
      // A sum over ranks adds in another order; whatever else is done adds as one rank would.
      exact: plan.collective?.kind !== 'all_reduce' || plan.config.worldSize === 1,
    };
  });
}

function sentBy({ collective }: SplitPlan, rank: number): number {
  if (collective === null) return 0;
  const { kind, length, chunks } = collective;
  return bytesOf(ringSends({ collective: kind, length, counts: chunks.map(lengthOf) }, rank), 'f32');
}

function mostOf({ config }: SplitPlan, of: (rank: number) => number): number {
  return Math.max(...Array.from({ length: config.worldSize }, (_, rank) => of(rank)));
}
