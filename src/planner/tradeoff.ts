/** Speed of one sequence against tokens of all: what more sequences at once, or longer ones, do to a layout. */

import type { Layout } from './layout.ts';
import { type Plan, planOf } from './plan.ts';
import type { Question } from './question.ts';

const MOST_SEQUENCES = 4096;
const SHORTEST = 512;

/** By powers of two, as long as they fit. */
export function overSequences(
  question: Question,
  layout: Layout,
): { readonly sequences: number; readonly plan: Plan }[] {
  const points = [];
  for (let sequences = layout.data; sequences <= MOST_SEQUENCES * layout.data; sequences *= 2) {
    const plan = planOf({ ...question, load: { ...question.load, sequences } }, layout);
    if (!plan.fits) break;
    points.push({ sequences, plan });
  }
  return points;
}

/** From 512 tokens to the model's positions, as long as they fit; with the answer's length as it is. */
export function overContext(
  question: Question,
  layout: Layout,
): { readonly tokens: number; readonly plan: Plan }[] {
  const { model, load } = question;
  const points = [];
  for (let tokens = SHORTEST; tokens <= model.maxPositions; tokens *= 2) {
    const answer = Math.min(load.answer, tokens / 2);
    const plan = planOf({ ...question, load: { ...load, prompt: tokens - answer, answer } }, layout);
    if (!plan.fits) break;
    points.push({ tokens, plan });
  }
  return points;
}

/** Those that no other beats both in speed of one sequence and in tokens a second of a GPU, quickest first. */
export function paretoOf(plans: readonly Plan[]): Plan[] {
  const perGpu = ({ tokensPerSecond, gpus }: Plan): number => tokensPerSecond / gpus;
  const oneOf = ({ serving }: Plan): number => serving?.tokensPerSecondOfOne ?? 0;
  const quickest = plans
    .filter(({ fits }) => fits)
    .sort((a, b) => oneOf(b) - oneOf(a) || perGpu(b) - perGpu(a));
  let most = 0;
  return quickest.filter((plan) => {
    if (perGpu(plan) <= most) return false;
    most = perGpu(plan);
    return true;
  });
}
