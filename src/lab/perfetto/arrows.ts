/** Who waited for whom: from the step that published a chunk to the step on another rank that read it. */

import type { Span } from '../../base/trace.ts';
import {
  oneShotAllReduce,
  ringSchedule,
  type Schedule,
  twoShotAllReduce,
} from '../../math/collectives/schedule.ts';
import type { PlacedSlice } from './slices.ts';

export interface Arrow {
  readonly from: PlacedSlice;
  readonly to: PlacedSlice;
  /** Nanoseconds; never backwards, and each within its slice. */
  readonly start: number;
  readonly end: number;
}

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
  readonly copies: readonly PlacedSlice[];
  readonly #steps = new Map<string, PlacedSlice>();
  readonly #calls = new Map<string, PlacedSlice>();
  /** The copies into its window of a rank's collective, one a segment. */
  readonly #loads = new Map<string, PlacedSlice[]>();

  constructor(slices: readonly PlacedSlice[]) {
    const comm = slices.filter(({ thread }) => thread === 'comm');
    this.copies = comm.filter(({ span }) => span.step !== undefined && span.step.from !== span.rank);
    for (const slice of comm) {
      const { rank, call, step } = slice.span;
      if (call !== undefined) this.#calls.set(key(rank, call.seq), slice);
      if (step !== undefined) this.#steps.set(key(rank, step.seq, step.segment, step.index), slice);
    }
    for (const [place, call] of this.#calls) {
      const { rank } = call.span;
      const loads = comm.filter(
        ({ span, start, end }) =>
          span.rank === rank && span.name === 'copy in' && start >= call.start && end <= call.end,
      );
      this.#loads.set(place, loads);
    }
  }

  /** The other rank's step that this one waited for; where it waited only for the other's input, the loading of that. */
  publisherOf({ rank, step }: Span, worldSize: number): PlacedSlice | undefined {
    const call = step && this.#calls.get(key(rank, step.seq))?.span;
    if (step === undefined || call === undefined) return undefined;
    const { from, seq, segment } = step;
    const first = this.#steps.get(key(from, seq, segment, 0));
    // Of a broadcast the trace does not tell the root: it is the one that takes no step.
    const root = first === undefined ? from : -1;
    const after = scheduleOf(call, worldSize, root)?.steps[step.index]?.after ?? 0;
    if (after > 0) return this.#steps.get(key(from, seq, segment, after - 1));
    const place = key(from, seq);
    return this.#loads.get(place)?.[segment] ?? this.#calls.get(place);
  }
}

function key(...numbers: readonly number[]): string {
  return numbers.join(' ');
}

/** The schedule that the rank of a collective's span ran; null where all its steps wait for inputs only. */
function scheduleOf({ rank, name, call }: Span, worldSize: number, root: number): Schedule | null {
  switch (name) {
    case 'all_reduce':
      if (call?.algorithm === 'one-shot') return oneShotAllReduce(worldSize, rank);
      if (call?.algorithm === 'two-shot') return twoShotAllReduce(worldSize, rank);
      return ringSchedule(name, worldSize, rank);
    case 'reduce_scatter':
    case 'all_gather':
      return ringSchedule(name, worldSize, rank);
    case 'broadcast':
      return ringSchedule(name, worldSize, rank, root);
    default:
      return null;
  }
}

/**
 * From the end of one slice to the start of the other. The clocks of two ranks agree only so far: where the other seems
 * to have read before this one had published, the ends move together within their slices, or there is no arrow. An arrow
 * takes a nanosecond at least, for viewers that meet its end first drop it.
 */
function arrowBetween(from: PlacedSlice, to: PlacedSlice): Arrow | null {
  // Just before the end, at which the rank's next slice may begin. A collective is published as it begins.
  const published = from.span.call === undefined ? from.end - 1 : from.start;
  const start = Math.max(from.start, Math.min(published, to.start - 1));
  const end = Math.max(start + 1, to.start);
  return end >= to.end ? null : { from, to, start, end };
}
