/** From spans to what a trace viewer can show: slices on threads, of which those of one thread nest or are apart. */

import { type Span, spanLane } from '../../base/trace.ts';

/** Beside the lanes of a rank, its waits have a thread of their own. */
export const THREADS = ['device', 'comm', 'wait', 'host'] as const;
export type ThreadName = (typeof THREADS)[number];

export interface Slice {
  readonly span: Span;
  readonly thread: ThreadName;
  /** Whole nanoseconds since the first span began: comparisons are exact, and as microseconds they have three decimals. */
  readonly start: number;
  readonly end: number;
}

/** A slice, and which of the threads of that name it lies on: 0, or more where it overlaps others. */
export interface PlacedSlice extends Slice {
  readonly track: number;
}

/** What clocks of limited resolution may add to an overlap. */
const ROUNDING_NS = 1000;

/** A step of a collective is two slices: the wait for the other rank, and the copy, which lies within the collective's. */
export function slicesOf(spans: readonly Span[]): Slice[] {
  const originMs = spans.reduce((first, { startMs }) => Math.min(first, startMs), Number.POSITIVE_INFINITY);
  const at = (ms: number): number => Math.round((ms - originMs) * 1e6);
  return spans.flatMap((span): Slice[] => {
    const start = at(span.startMs);
    const end = Math.max(start, at(span.endMs));
    if (span.kind === 'drain') return [{ span, thread: 'wait', start, end }];
    if (span.kind !== 'step') return [{ span, thread: spanLane(span), start, end }];
    const ready = Math.min(end, Math.max(start, at(span.startMs + span.waitMs)));
    const copy: Slice = { span, thread: 'comm', start: ready, end };
    return ready > start ? [{ span, thread: 'wait', start, end: ready }, copy] : [copy];
  });
}

/**
 * Puts slices of one rank and one thread name on as few threads as let them nest: viewers misplace or drop others. What
 * overlaps by no more than rounding is trimmed; what truly overlaps, such as an upload during a product, goes to a
 * further thread. Each lasts at least a nanosecond: viewers take what takes no time for a part of what follows at once,
 * and with the clocks of browsers, which tick every 5 or 100 µs, many a step takes no time.
 */
export function placed(slices: readonly Slice[]): PlacedSlice[] {
  const sorted = [...slices].sort((a, b) => a.start - b.start || order(a) - order(b) || b.end - a.end);
  const tracks: Track[] = [];
  return sorted.map((slice) => {
    for (let track = 0; ; track++) {
      const before = tracks[track] ?? { latest: 0, open: [] };
      const place = placeOn(before, slice);
      if (place === null) continue;
      tracks[track] = { latest: place.start, open: [...before.open.slice(0, place.depth), place.end] };
      return { ...slice, start: place.start, end: place.end, track };
    }
  });
}

/** Of slices that begin together: a collective has the others within, and what takes no time comes before what does. */
function order({ span, start, end }: Slice): number {
  if (span.kind === 'collective') return 0;
  return end === start ? 1 : 2;
}

/** A thread as it is filled from left to right. */
interface Track {
  /** Where its latest slice begins: none comes before. */
  readonly latest: number;
  /** The ends of the slices around that, the innermost last. */
  readonly open: readonly number[];
}

/** Where on a thread a slice lies, and within how many others; null where it would overlap one. */
function placeOn(
  { latest, open }: Track,
  slice: Slice,
): { start: number; end: number; depth: number } | null {
  let start = Math.max(slice.start, latest);
  const endAfter = (from: number): number => Math.max(from + 1, slice.end);
  for (let depth = open.length; depth > 0; depth--) {
    const around = open[depth - 1] ?? 0;
    const end = endAfter(start);
    if (end <= around) return { start, end, depth };
    if (around - slice.start > ROUNDING_NS) {
      return end - around > ROUNDING_NS || start >= around ? null : { start, end: around, depth };
    }
    start = Math.max(start, around);
  }
  return { start, end: endAfter(start), depth: 0 };
}
