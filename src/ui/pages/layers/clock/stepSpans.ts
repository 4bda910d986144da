/** Which step of the plan each span of a run belongs to. */

import type { Span } from '../../../../base/trace.ts';
import type { LayerRun } from '../../../../lab/layers/run.ts';
import { type PlannedStep, sequenceOf, stepsOf } from '../../../../math/plans/plan.ts';
import type { LayerEvent } from '../../../../protocol.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';

export interface SpanStep {
  /** In `stepsOf(run.plan)`. */
  readonly index: number;
  readonly step: PlannedStep;
}

type Timed = Pick<LayerEvent, 'name' | 'ms' | 'waitMs'>;

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
    for (const [at, spansOfEvent] of spansByEvent(events, own).entries()) {
      const step = sequence[at]?.step;
      const index = step && indices.get(step);
      if (step === undefined || index === undefined) continue;
      for (const span of spansOfEvent) found.set(span, { index, step });
    }
  }
  return found;
}

/**
 * The spans of each event. A rank's log says how long each event took, from the first to the last of its spans, and its
 * trace lists spans in the order of the events: so those of an event are the next ones that took exactly as long.
 */
export function spansByEvent(events: readonly Timed[], spans: readonly Span[]): Span[][] {
  let next = 0;
  return events.map((event) => {
    for (const [from, span] of spans.entries()) {
      if (from < next) continue;
      const to = endOf(event, spans, from);
      if (to !== null) {
        next = to;
        return spans.slice(from, to);
      }
      // Events that took no time are too alike to be looked for behind others; but what a layer reads is no event.
      if (event.ms === 0 && span.endMs > span.startMs && span.name !== 'readback') return [];
    }
    return [];
  });
}

/** Where the spans of the event end, if they begin at `from`; null if they do not. */
function endOf(event: Timed, spans: readonly Span[], from: number): number | null {
  const { ms, waitMs } = event;
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  let waited = 0;
  for (let to = from; to < spans.length; to++) {
    const span = spans[to];
    if (span === undefined || (to === from && !begins(event, span))) return null;
    startMs = Math.min(startMs, span.startMs);
    endMs = Math.max(endMs, span.endMs);
    waited += span.step?.waitMs ?? 0;
    // The very subtractions and sums of the log, so equal to the last bit.
    if (endMs - startMs === ms && waited === waitMs) return to + 1;
    if (endMs - startMs > ms) return null;
  }
  return null;
}

/** An operation's span has its name. A collective begins by bringing its input to the host, or by waiting. */
function begins({ name }: Timed, span: Span): boolean {
  return (
    span.name === name || (name in COLLECTIVE_NAMES && (span.lane === 'comm' || span.name === 'readback'))
  );
}
