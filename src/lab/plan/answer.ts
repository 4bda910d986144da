/** A question answered: all layouts, best first, and of the one that is looked at what else there is to know. */

import type { Layout } from '../../planner/layout.ts';
import type { Plan } from '../../planner/plan.ts';
import type { Question } from '../../planner/question.ts';
import { fewestThatFit, searchPlans, type Target } from '../../planner/search.ts';
import { overContext, overSequences } from '../../planner/tradeoff.ts';
import { type WhatIf, whatIfs } from '../../planner/whatIfs.ts';

export interface Ask {
  readonly question: Question;
  readonly target: Target;
  /** The layout to look at; null: the best one. */
  readonly chosen: Layout | null;
}

export interface Answer extends Ask {
  /** Those that fit first, each sort by the target. At least one. */
  readonly plans: readonly Plan[];
  /** The one that is looked at. */
  readonly plan: Plan;
  /** Where none fits, the layout on the fewest GPUs of the kind that would; null where more of them would not help. */
  readonly needed: Layout | null;
  readonly whatIfs: readonly WhatIf[];
  /** Of the layout that is looked at, and of the best one of other tensor degrees. */
  readonly overSequences: readonly Curve[];
  readonly overContext: ReturnType<typeof overContext>;
}

export interface Curve {
  readonly layout: Layout;
  readonly points: ReturnType<typeof overSequences>;
}

/** More curves nobody tells apart. */
const MOST_CURVES = 5;

/** Answers one question after another. The layouts of the last one are remembered: of these only another is looked at. */
export function createAnswerer(): (ask: Ask) => Answer {
  let last: { readonly key: string; readonly plans: Plan[] } | null = null;
  return (ask) => {
    const { question, target, chosen } = ask;
    const key = JSON.stringify([question, target]);
    const plans = last?.key === key ? last.plans : searchPlans(question, target);
    last = { key, plans };
    const [best] = plans;
    if (best === undefined) throw new Error('one GPU is always a layout');
    // Of other machines there may be no such layout.
    const plan = (chosen && plans.find((one) => sameLayout(one, chosen))) ?? best;
    return {
      ...ask,
      plans,
      plan,
      needed: best.fits ? null : fewestThatFit(question),
      whatIfs: whatIfs(question, plan),
      overSequences: curvesOf(question, plans, plan),
      overContext: overContext(question, plan),
    };
  };
}

function curvesOf(question: Question, plans: readonly Plan[], plan: Plan): Curve[] {
  const byDegree = new Map<number, Plan>([[plan.tensor, plan]]);
  for (const one of plans) if (one.fits && !byDegree.has(one.tensor)) byDegree.set(one.tensor, one);
  return [...byDegree.values()]
    .slice(0, MOST_CURVES)
    .map((layout) => ({ layout, points: overSequences(question, layout) }));
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return a.tensor === b.tensor && a.pipeline === b.pipeline && a.expert === b.expert && a.data === b.data;
}
