/** The curves of an answer as the charts take them. */

import type { Answer } from '#lab/plan/answer.ts';
import type { Plan } from '#planner/plan.ts';
import { paretoOf } from '#planner/tradeoff.ts';
import type { NamedSeries, XYReference } from '#ui/charts/XYChart.tsx';
import { counted } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';
import { gigabytes, layoutInShort, rate } from '../words.ts';

const COLORS = ['var(--r0)', 'var(--r1)', 'var(--r2)', 'var(--r3)', 'var(--r4)'];
const MARKS = ['circle', 'square', 'diamond', 'triangle', 'cross'] as const;

/** Each point is twice as many sequences at once as the one before: slower for each, more in all. */
export function tradeoffSeries({ overSequences, question }: Answer): NamedSeries[] {
  return overSequences.map(({ layout, points }, i) => ({
    id: layoutInShort(layout),
    label: layoutInShort(layout),
    color: COLORS[i] ?? 'var(--ink2)',
    mark: MARKS[i] ?? 'circle',
    overlay: false,
    line: true,
    points: points.map(({ sequences, plan }) => ({
      x: ofOne(plan),
      y: plan.tokensPerSecond / plan.gpus,
      title: `${layoutInShort(layout)}, ${counted(sequences, 'sequence')} at once`,
      text: `${rate(ofOne(plan))} tokens/s each, ${rate(plan.tokensPerSecond)} in all, ${gigabytes(plan.memory.total)} of ${gigabytes(question.machine.gpu.memoryGB)} a GPU`,
    })),
  }));
}

/** The best of the curves: no point of any of them beats one of these in both. */
export function frontOf({ overSequences }: Answer): XYReference[] {
  const plans = overSequences.flatMap(({ points }) => points.map(({ plan }) => plan));
  const points = paretoOf(plans).map((plan) => ({ x: ofOne(plan), y: plan.tokensPerSecond / plan.gpus }));
  return points.length < 2 ? [] : [{ id: 'front', label: '', points }];
}

export function contextSeries({ overContext, plan: shown }: Answer): NamedSeries[] {
  if (overContext.length === 0) return [];
  return [
    {
      id: 'context',
      label: layoutInShort(shown),
      color: 'var(--r0)',
      mark: 'circle',
      overlay: false,
      line: true,
      points: overContext.map(({ tokens, plan }) => ({
        x: tokens,
        y: ofOne(plan),
        title: `${tokens.toLocaleString('en')} tokens`,
        text: `${rate(ofOne(plan))} tokens/s each, first token in ${formatMs(plan.serving?.firstTokenMs ?? null)}, room for ${counted(plan.serving?.room ?? 0, 'sequence')}`,
      })),
    },
  ];
}

function ofOne({ serving }: Plan): number {
  return serving?.tokensPerSecondOfOne ?? 0;
}
