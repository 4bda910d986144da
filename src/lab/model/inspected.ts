/** One token's pass, taken apart: what was planned, and what every rank did. */

import { extentOf, type Span } from '../../base/trace.ts';
import { type Difference, differences } from '../../program/compare.ts';
import { type LayerPlan, sequenceOf, stepsOf } from '../../program/plan.ts';
import type { LayerEvent } from '../../protocol.ts';
import type { PictureRun } from '../layers/run.ts';
import { stepTimes } from '../layers/stepTimes.ts';
import { type PassPart, partsOf } from './passParts.ts';

export interface InspectedPass {
  /** Of the token. */
  readonly position: number;
  readonly plan: LayerPlan;
  readonly parts: readonly PassPart[];
  readonly ranks: readonly RankEvents[];
  readonly spans: readonly Span[];
  readonly startMs: number;
  readonly endMs: number;
  /** Where a rank did something else than was planned. */
  readonly differences: readonly Difference[];
}

export interface RankEvents {
  readonly rank: number;
  /** In the order of `sequenceOf(plan, rank)`. */
  readonly events: readonly LayerEvent[];
}

export function inspectedPass(
  position: number,
  plan: LayerPlan,
  events: readonly (readonly LayerEvent[])[],
  spans: readonly Span[],
): InspectedPass {
  const ranks = events.map((own, rank) => ({ rank, events: own }));
  return {
    position,
    plan,
    parts: partsOf(plan),
    ranks,
    spans,
    ...extentOf(spans),
    differences: ranks.flatMap(({ rank, events }) => differences(plan, rank, events)),
  };
}

/** A part as the picture of a layer has it. */
export function pictureOf({ plan, ranks, differences }: InspectedPass, part: PassPart): PictureRun {
  const own = new Set(stepsOf(part.plan));
  const cut = ranks.map(({ rank, events }) => {
    const sequence = sequenceOf(plan, rank);
    const inPart = (at: number): boolean => {
      const step = sequence[at]?.step;
      return step !== undefined && own.has(step);
    };
    return { rank, events: events.filter((_, at) => inPart(at)) };
  });
  const first = ranks.map(({ rank }) => sequenceOf(plan, rank).findIndex(({ step }) => own.has(step)));
  return {
    plan: part.plan,
    times: stepTimes(part.plan, cut),
    verdict: {
      steps: differences.flatMap((one) => {
        const step = sequenceOf(plan, one.rank)[one.at]?.step;
        return step !== undefined && own.has(step) ? [{ ...one, at: one.at - (first[one.rank] ?? 0) }] : [];
      }),
      sums: [],
    },
  };
}
