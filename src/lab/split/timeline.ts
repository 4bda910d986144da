/** The moments of a run, in order: what the page's one scrubber stands on. Derived from the plan alone. */

import { ringSchedule, type Schedule } from '../../collectives/schedule.ts';
import type { SplitPlan } from '../../program/splitPlan.ts';

export type Phase = 'cut' | 'multiply' | 'reduce-scatter' | 'all-gather' | 'bias' | 'done';

export interface Moment {
  readonly phase: Phase;
  /** Which product of the plan a multiply moment computes. */
  readonly product?: number;
  /** The step of the ring schedule, from 0, in a ring moment. */
  readonly ringStep?: number;
  /** A few words for the scrubber: "ring step 3 of 6". */
  readonly label: string;
}

/** The ring schedule that each rank runs for the plan's collective; null where there is none or one rank. */
export function ringOf(plan: SplitPlan): readonly Schedule[] | null {
  const { collective, config } = plan;
  if (collective === null || config.worldSize === 1) return null;
  return Array.from({ length: config.worldSize }, (_, rank) =>
    ringSchedule(collective.kind, config.worldSize, rank),
  );
}

export function timelineOf(plan: SplitPlan): Moment[] {
  const moments: Moment[] = [{ phase: 'cut', label: plan.config.split === 'none' ? 'copy' : 'cut' }];
  for (const [index, product] of plan.products.entries()) {
    const { x, w, y } = product.names;
    moments.push({ phase: 'multiply', product: index, label: `${x}·${w} → ${y}` });
  }
  const steps = ringOf(plan)?.[0]?.steps ?? [];
  for (const [index, step] of steps.entries()) {
    const phase = step.phase === 'reduce-scatter' ? 'reduce-scatter' : 'all-gather';
    moments.push({ phase, ringStep: index, label: `ring step ${index + 1} of ${steps.length}` });
  }
  const last = plan.products[plan.products.length - 1];
  if (last?.layer === 'row' && last.bias && !plan.config.biasOnEveryRank) {
    moments.push({ phase: 'bias', label: 'add the bias, once' });
  }
  moments.push({ phase: 'done', label: 'done' });
  return moments;
}

/** What has happened by a moment: the stage, the ring and the clock draw the same answer. */
export interface Progress {
  readonly moment: Moment;
  /** How many products of the plan have been computed. */
  readonly multiplied: number;
  /** How many steps of the ring have been taken. */
  readonly ringSteps: number;
  /** False only before a bias that is added after the sum. */
  readonly biased: boolean;
  /** Y is what it will stay. */
  readonly done: boolean;
}

export function progressAt(timeline: readonly Moment[], at: number): Progress {
  const last = timeline.length - 1;
  const index = Math.min(Math.max(0, at), last);
  const moment = timeline[index] ?? { phase: 'done', label: 'done' };
  const past = timeline.slice(0, index + 1);
  return {
    moment,
    multiplied: past.filter(({ phase }) => phase === 'multiply').length,
    ringSteps: past.filter(({ ringStep }) => ringStep !== undefined).length,
    biased: !timeline.slice(index + 1).some(({ phase }) => phase === 'bias'),
    done: !timeline.slice(index + 1).some(({ phase }) => phase !== 'done'),
  };
}
