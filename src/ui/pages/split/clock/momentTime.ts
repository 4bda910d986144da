/** When a moment of the scrubber was, on the ranks' clock. */

import type { Span } from '#base/trace.ts';
import type { SplitRun } from '#lab/split/run.ts';
import type { Moment } from '#lab/split/timeline.ts';
import { type ClockMoment, momentOnClock } from '#ui/clock/clockWords.ts';
import { kindOf } from '#ui/clock/stretch.ts';
import { byInput } from '#ui/components/onScreen.ts';

const HINT = byInput(
  'Point at a bar to see what it is. Mark a stretch of time with the pointer to zoom in.',
  'Tap a bar to see what it is.',
);

/** When a moment was, without its spans set off: there are few. */
export function clockMoment(run: SplitRun, moment: Moment): ClockMoment {
  const { phase, label } = moment;
  return { ...momentOnClock(run, spansOf(run, moment), `${phase}, ${label}`, HINT), lit: null };
}

function spansOf({ spans }: SplitRun, moment: Moment): Span[] {
  switch (moment.phase) {
    case 'cut':
      return spans.filter((span) => kindOf(span) === 'upload').filter((span) => !followsRing(spans, span));
    case 'multiply':
      return productSpans(spans, moment.product ?? 0);
    case 'reduce-scatter':
    case 'all-gather':
      return spans.filter(
        (span) => span.kind === 'step' && span.phase === moment.phase && span.index === moment.ringStep,
      );
    case 'bias':
      return spans.filter((span) => kindOf(span) === 'light' && followsRing(spans, span));
    case 'done':
      return [];
    default:
      return moment.phase satisfies never;
  }
}

/** Each rank's GEMMs in order: the first belongs to the first product. */
function productSpans(spans: readonly Span[], product: number): Span[] {
  const seen = new Map<number, number>();
  const gemms = spans.filter((span) => kindOf(span) === 'product').sort((a, b) => a.startMs - b.startMs);
  return gemms.filter(({ rank }) => {
    const count = seen.get(rank) ?? 0;
    seen.set(rank, count + 1);
    return count === product;
  });
}

/** After this rank's collective the partial goes back to the device, and the bias follows. */
function followsRing(spans: readonly Span[], { rank, startMs }: Span): boolean {
  return spans.some((other) => other.rank === rank && other.kind === 'step' && other.endMs <= startMs);
}
