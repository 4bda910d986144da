/** What a rank sends for two products, paired or not, by the plans of both. */

import { cutPairProgram, type PairCut } from '#program/cutPair.ts';
import { costOf, type PlannedCollective, stepsOf } from '#program/plan.ts';
import { planOf } from '#program/planOf.ts';
import type { SplitConfig } from '#program/split.ts';

/** Bytes of the rank that sends most. */
export interface Sent {
  readonly kind: PlannedCollective['collective'] | null;
  readonly bytes: number;
}

export interface Between {
  readonly id: 'paired' | 'unpaired';
  /** For H, between the products. */
  readonly h: Sent;
  /** For Y, after them. */
  readonly y: Sent;
}

/** A by columns; then B by rows, where the columns of H lie, or by columns as well. */
export function betweenOf(config: Pick<SplitConfig, 'worldSize' | 'm' | 'k' | 'n'>): Between[] {
  return [
    { id: 'paired', ...sentFor(config, 'rows') },
    { id: 'unpaired', ...sentFor(config, 'columns') },
  ];
}

function sentFor(
  { worldSize, m, k, n }: Pick<SplitConfig, 'worldSize' | 'm' | 'k' | 'n'>,
  second: PairCut,
): Pick<Between, 'h' | 'y'> {
  const plan = planOf(cutPairProgram({ worldSize, m, k, n, first: 'columns', second }), { position: 0 });
  const steps = stepsOf(plan);
  const lastProduct = steps.findLastIndex((step) => step.kind === 'op' && step.op === 'linear');
  const kinds = steps.flatMap((step, at) =>
    step.kind === 'collective' ? [{ kind: step.collective, before: at < lastProduct }] : [],
  );
  const sum = (before: boolean): Sent => {
    const bytes = Array.from({ length: worldSize }, (_, rank) =>
      costOf(plan, rank).collectives.reduce(
        (total, { wireBytes }, at) => total + (kinds[at]?.before === before ? wireBytes : 0),
        0,
      ),
    );
    return { kind: kinds.find((one) => one.before === before)?.kind ?? null, bytes: Math.max(...bytes) };
  };
  return { h: sum(true), y: sum(false) };
}
