/** Where the chunks of the collective's buffer lie in Y, and what the ring has done to each so far. */

import { lengthOf, ownerOf, type Range } from '#numerics/ranges.ts';
import { bufferIndex, type SplitPlan } from '#program/splitPlan.ts';
import type { Holding } from '../ring/holdings.ts';
import { type Axis, indexOf, type Slot } from './axis.ts';

/** The chunk that a cell of Y travels in; for a block, that of the element that stands for it. */
export function chunkOf(plan: SplitPlan, row: Slot, col: Slot): number {
  return ownerOf(plan.collective?.chunks ?? [], bufferIndex(plan, indexOf(row), indexOf(col)));
}

export interface ChunkState {
  readonly chunk: number;
  /** The rank that holds the most of it: whose colour it has. */
  readonly carrier: number;
  readonly terms: number;
  readonly complete: boolean;
  /** Ranks that hold it complete, in the order in which the ring brought it to them. */
  readonly holders: readonly number[];
}

export function chunkStates(held: readonly (readonly Holding[])[]): ChunkState[] {
  const worldSize = held.length;
  return Array.from({ length: worldSize }, (_, chunk) => {
    const terms = held.map((row) => row[chunk]?.terms ?? 0);
    const order = Array.from({ length: worldSize }, (_, i) => (chunk + i) % worldSize);
    const holders = order.filter((rank) => held[rank]?.[chunk]?.complete === true);
    const most = Math.max(...terms);
    const carrier = holders.length > 0 ? chunk : terms.indexOf(most);
    return { chunk, carrier, terms: most, complete: holders.length > 0, holders };
  });
}

/** The outline of buffer elements `range` in a row-major matrix, as an SVG path: a run may start and end mid-row. */
export function outlineOf(range: Range, rows: Axis, cols: Axis): string {
  if (lengthOf(range) === 0 || rows.length === 0 || cols.length === 0) return '';
  const width = cols.extent;
  const y = (row: number): number => (row / rows.length) * rows.extent;
  const x = (col: number): number => (col / cols.length) * width;
  const [top, from] = [Math.floor(range.start / cols.length), range.start % cols.length];
  const [bottom, to] = [Math.floor((range.end - 1) / cols.length), ((range.end - 1) % cols.length) + 1];
  if (top === bottom) return `M${x(from)} ${y(top)}H${x(to)}V${y(top + 1)}H${x(from)}Z`;
  if (bottom === top + 1 && to <= from) {
    const first = `M${x(from)} ${y(top)}H${width}V${y(top + 1)}H${x(from)}Z`;
    return `${first}M0 ${y(bottom)}H${x(to)}V${y(bottom + 1)}H0Z`;
  }
  return (
    `M${x(from)} ${y(top)}H${width}V${y(bottom)}H${x(to)}V${y(bottom + 1)}` +
    `H0V${y(from === 0 ? top : top + 1)}H${x(from)}Z`
  );
}

/** Heights for labels beside Y, one a chunk: near to their chunks, `gap` apart, and none below `bottom`. */
export function labelHeights(wanted: readonly number[], gap: number, bottom: number): number[] {
  const heights: number[] = [];
  for (const height of wanted)
    heights.push(Math.max(height, (heights.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
  let limit = bottom;
  for (let i = heights.length - 1; i >= 0; i--) {
    heights[i] = Math.min(heights[i] ?? 0, limit);
    limit = (heights[i] ?? 0) - gap;
  }
  return heights;
}
