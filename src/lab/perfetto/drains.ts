/** The end of a collective, in which a rank has done its steps and waits until the others have read what it published. */

import type { Span } from '../../base/trace.ts';

/**
 * When that wait began, by the span of the collective: at the end of its last step or copy, which a rank records just
 * before. Without steps there is nobody to wait for.
 * @param spans in the order in which each rank recorded them
 */
export function drainsOf(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const latest = new Map<number, number>();
  const drains = new Map<Span, number>();
  for (const span of spans) {
    if (span.lane !== 'comm') continue;
    const { rank, startMs, endMs, call } = span;
    const begin = latest.get(rank);
    if (call === undefined) latest.set(rank, endMs);
    else if (begin !== undefined && begin >= startMs && begin < endMs) drains.set(span, begin);
  }
  return drains;
}
