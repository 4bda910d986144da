/**
 * How a buffer of any length goes through windows of a fixed size. Every chunk is cut into segments that fit; two
 * segments are in flight at once, each in its own slot of the window, and their steps alternate: while a rank would
 * wait for its neighbour in one segment, it works on the other. Ranks count *tickets*, one for each load and each
 * step of each segment, in the order in which everybody executes them.
 */

import { lengthOf, type Range } from '../numerics/ranges.ts';

/** Segments in flight: slots in a window. */
export const SLOTS = 2;

export interface SegmentPlan {
  /** Chunk boundaries in the buffer. */
  readonly chunks: readonly Range[];
  /** Elements of a chunk in one segment, and the distance between chunks in a slot. */
  readonly stride: number;
  /** At least 1: an empty buffer still makes the ranks meet. */
  readonly segments: number;
  readonly rounds: number;
}

/** Cuts `chunks` so that one segment of each fits a slot, whose `slotLength` is at least the number of chunks. */
export function planSegments(chunks: readonly Range[], slotLength: number, rounds: number): SegmentPlan {
  const stride = Math.floor(slotLength / Math.max(1, chunks.length));
  const longest = Math.max(0, ...chunks.map(lengthOf));
  return { chunks, stride, segments: Math.max(1, Math.ceil(longest / stride)), rounds };
}

/** The elements of the buffer that chunk `chunk` moves in segment `segment`; empty where the chunk is shorter. */
export function segmentRange(plan: SegmentPlan, chunk: number, segment: number): Range {
  const { start, end } = plan.chunks[chunk] ?? { start: 0, end: 0 };
  const from = Math.min(end, start + segment * plan.stride);
  return { start: from, end: Math.min(end, from + plan.stride) };
}

/** One entry of the common order: the load (round 0) or step round−1 of a segment. */
export interface Ticket {
  readonly segment: number;
  readonly round: number;
}

/** How many tickets a rank has completed once it has done `round` of `segment`. */
export function ticketNumber(plan: SegmentPlan, segment: number, round: number): number {
  const group = Math.floor(segment / SLOTS);
  const inGroup = Math.min(SLOTS, plan.segments - group * SLOTS);
  return group * SLOTS * (plan.rounds + 1) + round * inGroup + (segment % SLOTS) + 1;
}

/** All tickets in order: group by group, and within a group round by round. */
export function* tickets(plan: SegmentPlan): Generator<Ticket> {
  for (let first = 0; first < plan.segments; first += SLOTS) {
    const last = Math.min(plan.segments, first + SLOTS);
    for (let round = 0; round <= plan.rounds; round++) {
      for (let segment = first; segment < last; segment++) yield { segment, round };
    }
  }
}
