/** One token's pass, taken apart: what was planned, and what every rank did. */

import { extentOf, type Span } from '../../base/trace.ts';
import type { Range } from '../../numerics/ranges.ts';
import { type Difference, differences } from '../../program/compare.ts';
import { type LayerPlan, stepsOf as plannedSteps, sequenceOf } from '../../program/plan.ts';
import { type PassAt, planOf } from '../../program/planOf.ts';
import { type Program, stepsOf } from '../../program/program.ts';
import { routingOf } from '../../program/routing.ts';
import type { InspectedOnRank, LayerEvent } from '../../protocol.ts';
import type { PictureRun } from '../layers/run.ts';
import { stepTimes } from '../layers/stepTimes.ts';
import { type PassPart, partsOf } from './passParts.ts';

export interface InspectedPass {
  /** Of the token. */
  readonly position: number;
  readonly plan: LayerPlan;
  readonly parts: readonly PassPart[];
  /** From the first layer that has one. */
  readonly mixtures: readonly RoutedMixture[];
  readonly ranks: readonly RankEvents[];
  readonly spans: readonly Span[];
  readonly startMs: number;
  readonly endMs: number;
  /** Where a rank did something else than was planned. */
  readonly differences: readonly Difference[];
}

/** A mixture of experts, and where its gate sent the token. */
export interface RoutedMixture {
  /** Each rank's own, of which some may have none. */
  readonly experts: readonly Range[];
  /** The heaviest first. */
  readonly chosen: readonly RoutedExpert[];
  /** Whether the gates of all ranks gave the same bits. */
  readonly agreed: boolean;
}

export interface RoutedExpert {
  readonly expert: number;
  /** That has it. */
  readonly rank: number;
  /** With which its output is added. */
  readonly weight: number;
}

export interface RankEvents {
  readonly rank: number;
  /** In the order of `sequenceOf(plan, rank)`. */
  readonly events: readonly LayerEvent[];
}

export function inspectedPass(
  program: Program,
  pass: Pick<PassAt, 'position' | 'weightTypes' | 'carrier'>,
  inspected: readonly InspectedOnRank[],
  spans: readonly Span[],
): InspectedPass {
  const ranks = inspected.map(({ events }, rank) => ({ rank, events }));
  const routings = inspected[0]?.chosen.map(routingOf) ?? [];
  const plan = planOf(program, { ...pass, routings });
  return {
    position: pass.position,
    plan,
    parts: partsOf(plan),
    mixtures: mixturesOf(program, inspected),
    ranks,
    spans,
    ...extentOf(spans),
    differences: ranks.flatMap(({ rank, events }) => differences(plan, rank, events)),
  };
}

function mixturesOf(program: Program, ranks: readonly InspectedOnRank[]): RoutedMixture[] {
  const steps = stepsOf(program).filter((step) => step.kind === 'experts');
  return steps.map(({ experts }, at) => {
    const [first = new Float32Array(0), ...others] = ranks.map(
      ({ chosen }) => chosen[at]?.weights ?? new Float32Array(0),
    );
    const routed = [...first].map((weight, expert) => ({
      expert,
      rank: experts.findIndex(({ start, end }) => start <= expert && expert < end),
      weight,
    }));
    return {
      experts,
      chosen: routed.filter(({ weight }) => weight !== 0).sort((a, b) => b.weight - a.weight),
      agreed: others.every(
        (other) => other.length === first.length && other.every((weight, i) => weight === first[i]),
      ),
    };
  });
}

/** A part as the picture of a layer has it. */
export function pictureOf({ plan, ranks, differences }: InspectedPass, part: PassPart): PictureRun {
  const own = new Set(plannedSteps(part.plan));
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
