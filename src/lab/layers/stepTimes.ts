/** How long each step of the plan took, from the ranks' logs, which tell no more than what was done in which order. */

import { type LayerPlan, sequenceOf } from '../../program/plan.ts';
import type { LayerRankResult } from '../../protocol.ts';
import type { MeasuredStep } from './run.ts';

const NONE: MeasuredStep = { ms: 0, gpuMs: null, waitMs: 0 };

/** By the id of the step, then by rank. The runs of a step in a loop add up. */
export function stepTimes(
  plan: LayerPlan,
  ranks: readonly Pick<LayerRankResult, 'rank' | 'events'>[],
): ReadonlyMap<string, readonly MeasuredStep[]> {
  const times = new Map<string, MeasuredStep[]>();
  for (const { rank, events } of ranks) {
    for (const [at, { step }] of sequenceOf(plan, rank).entries()) {
      const event = events[at];
      if (event === undefined) break;
      const row = times.get(step.id) ?? ranks.map(() => NONE);
      times.set(step.id, row);
      row[rank] = sumOf(row[rank] ?? NONE, event);
    }
  }
  return times;
}

function sumOf(a: MeasuredStep, b: MeasuredStep): MeasuredStep {
  const gpuMs = a.gpuMs === null && b.gpuMs === null ? null : (a.gpuMs ?? 0) + (b.gpuMs ?? 0);
  return { ms: a.ms + b.ms, gpuMs, waitMs: a.waitMs + b.waitMs };
}
