/** Which step of the plan each span of a run belongs to. */

import type { Span } from '#base/trace.ts';
import type { LayerRun } from '#lab/layers/run.ts';
import { type PlannedStep, sequenceOf, stepsOf } from '#program/plan.ts';

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
}: Pick<LayerRun, 'plan' | 'ranks' | 'spans'>): ReadonlyMap<Span, SpanStep> {
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
