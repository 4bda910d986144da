/** Every way to lay a model over some machines, best first. */

import { gpusOf, type Layout, layoutsOf } from './layout.ts';
import { memoryOf } from './memory.ts';
import { type Plan, planOf } from './plan.ts';
import { type Question, rememberedTimes } from './question.ts';

/** latency: quickest for each sequence. throughput: most tokens a second in all. fewest: GPUs. context: the longest. */
export const TARGETS = ['latency', 'throughput', 'fewest', 'context'] as const;
export type Target = (typeof TARGETS)[number];

const ORDER: Readonly<Record<Target, (a: Plan, b: Plan) => number>> = {
  latency: (a, b) => a.step.totalMs - b.step.totalMs,
  throughput: (a, b) => b.tokensPerSecond - a.tokensPerSecond,
  fewest: (a, b) => a.gpus - b.gpus,
  context: (a, b) =>
    (b.serving?.longest ?? 0) - (a.serving?.longest ?? 0) || (b.serving?.room ?? 0) - (a.serving?.room ?? 0),
};

/** Those that fit first, then by the target; of equals the one with fewer GPUs, then the quicker one. */
export function searchPlans(question: Question, target: Target): Plan[] {
  const timeOf = rememberedTimes(question);
  return layoutsOf(question.model, question.machine, question.load.work)
    .map((layout) => planOf(question, layout, timeOf))
    .sort((a, b) => compare(a, b, target));
}

/** So many nodes of that kind at most are thought of. */
const MOST_NODES = 512;

/** The layout on the fewest such nodes that fits, where none does on those that are there; null: none would. */
export function fewestThatFit({ machine, ...question }: Question): Layout | null {
  for (let nodes = machine.nodes + 1; nodes <= MOST_NODES; nodes = nodes < 8 ? nodes + 1 : 2 * nodes) {
    const larger = { ...machine, nodes };
    const fitting = layoutsOf(question.model, larger, question.load.work).filter(
      (layout) => memoryOf({ ...question, machine: larger }, layout).total <= machine.gpu.memoryGB,
    );
    const [first] = fitting.sort((a, b) => gpusOf(a) - gpusOf(b));
    if (first !== undefined) return first;
  }
  return null;
}

function compare(a: Plan, b: Plan, target: Target): number {
  return (
    Number(b.fits) - Number(a.fits) ||
    // Of what does not fit, what is nearest to it.
    (a.fits ? ORDER[target](a, b) : a.memory.total - b.memory.total) ||
    a.gpus - b.gpus ||
    a.step.totalMs - b.step.totalMs
  );
}
