/** Who waited for whom: from the step that published a chunk to the step on another rank that read it. */

import type { CollectiveSpan, StepSpan } from '../../base/trace.ts';
import { scheduleOf } from '../../collectives/schedule.ts';
import type { PlacedSlice } from './slices.ts';

export interface Arrow {
  readonly from: PlacedSlice;
  readonly to: PlacedSlice;
  /** Nanoseconds; never backwards, and each within its slice. */
  readonly start: number;
  readonly end: number;
}

type SliceOf<S> = PlacedSlice & { readonly span: S };

/** @param slices of all ranks; see {@link placed} */
export function arrowsOf(slices: readonly PlacedSlice[], worldSize: number): Arrow[] {
  const log = new CommLog(slices);
  return log.copies.flatMap((to) => {
    const from = log.publisherOf(to.span, worldSize);
    const arrow = from === undefined ? null : arrowBetween(from, to);
    return arrow === null ? [] : [arrow];
  });
}

/** What the ranks did in their collectives, to be found by place. */
class CommLog {
  /** Of chunks of other ranks. */
  readonly copies: SliceOf<StepSpan>[] = [];
  readonly #steps = new Map<string, PlacedSlice>();
  readonly #calls = new Map<string, SliceOf<CollectiveSpan>>();
  /** The copies into the rank's window. */
  readonly #loads = new Map<string, PlacedSlice>();

  constructor(slices: readonly PlacedSlice[]) {
    for (const slice of slices) {
      const { span, thread } = slice;
      if (thread !== 'comm') continue;
      if (span.kind === 'collective')
        this.#calls.set(key(span.rank, span.seq), slice as SliceOf<CollectiveSpan>);
      if (span.kind === 'step') {
        this.#steps.set(key(span.rank, span.seq, span.segment, span.index), slice);
        if (span.from !== span.rank) this.copies.push(slice as SliceOf<StepSpan>);
      }
      if (span.kind === 'window' && span.direction === 'in')
        this.#loads.set(key(span.rank, span.seq, span.segment), slice);
    }
  }

  /** The other rank's step that this one waited for; where it waited only for the other's input, the loading of that. */
  publisherOf({ rank, from, seq, segment, index }: StepSpan, worldSize: number): PlacedSlice | undefined {
    const call = this.#calls.get(key(rank, seq))?.span;
    if (call === undefined) return undefined;
    const after = scheduleOf({ ...call, kind: call.collective }, worldSize, rank).steps[index]?.after ?? 0;
    if (after > 0) return this.#steps.get(key(from, seq, segment, after - 1));
    return this.#loads.get(key(from, seq, segment)) ?? this.#calls.get(key(from, seq));
  }
}

function key(...numbers: readonly number[]): string {
  return numbers.join(' ');
}

/**
 * From the end of one slice to the start of the other. The clocks of two ranks agree only so far: where the other seems
 * to have read before this one had published, the ends move together within their slices, or there is no arrow. An arrow
 * takes a nanosecond at least, for viewers that meet its end first drop it.
 */
function arrowBetween(from: PlacedSlice, to: PlacedSlice): Arrow | null {
  // Just before the end, at which the rank's next slice may begin. A collective is published as it begins.
  const published = from.span.kind !== 'collective' ? from.end - 1 : from.start;
  const start = Math.max(from.start, Math.min(published, to.start - 1));
  const end = Math.max(start + 1, to.start);
  return end >= to.end ? null : { from, to, start, end };
}
