/** Which step of the plan each span of a run belongs to, and when the step that the page shows was. */

import type { Span } from '#base/trace.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { type PlannedStep, sequenceOf, stepsOf } from '#program/plan.ts';
import type { LayerRankResult } from '#protocol.ts';
import { type ClockMoment, momentOnClock } from '#ui/clock/clockWords.ts';
import { byInput } from '#ui/components/onScreen.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';

export interface SpanStep {
  /** In `stepsOf(run.plan)`. */
  readonly index: number;
  readonly step: PlannedStep;
}

/** Spans that no event accounts for are left out. */
export function stepSpans({
  plan,
  ranks,
  spans,
}: Pick<LayerRun, 'plan' | 'spans'> & {
  readonly ranks: readonly Pick<LayerRankResult, 'rank' | 'events'>[];
}): ReadonlyMap<Span, SpanStep> {
  const indices = new Map(stepsOf(plan).map((step, index) => [step, index]));
  const found = new Map<Span, SpanStep>();
  for (const { rank, events } of ranks) {
    const sequence = sequenceOf(plan, rank);
    const own = spans.filter((span) => span.rank === rank);
    for (const [at, event] of events.entries()) {
      const step = sequence[at]?.step;
      const index = step && indices.get(step);
      if (step === undefined || index === undefined) continue;
      for (const span of own.slice(event.spans.start, event.spans.end)) found.set(span, { index, step });
    }
  }
  return found;
}

export const HINT = byInput(
  'Point at a bar to see what it is; click it to go to its step. Mark a stretch of time to zoom in, or use Ctrl or ⌘ and the wheel.',
  'Tap a bar to see what it is, and to go to its step.',
);

export const ONE_GO_HINT = byInput(
  'What runs side by side lies one above the other. Point at a bar to see what it is. Mark a stretch of time to zoom in, or use Ctrl or ⌘ and the wheel.',
  'What runs side by side lies one above the other. Tap a bar to see what it is.',
);

/** @param at as in LayersState */
export function clockMoment(
  run: Pick<LayerRun, 'plan' | 'startMs' | 'endMs'>,
  steps: ReadonlyMap<Span, SpanStep>,
  at: number,
): ClockMoment {
  const step = stepsOf(run.plan)[at];
  if (step === undefined) return momentOnClock(run, [], '', HINT);
  const spans = [...steps].filter(([, { index }]) => index === at).map(([span]) => span);
  const name = nameOf(step);
  return momentOnClock(run, spans, name, `${name}: no rank did it`);
}

function nameOf(step: PlannedStep): string {
  return step.kind === 'op' ? step.label : COLLECTIVE_NAMES[step.collective];
}
