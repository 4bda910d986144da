/** One side of a drawn matrix: where its cells or blocks lie, and which rank owns which stretch of it. */

import { gridCells } from '#numerics/preview.ts';
import { lengthOf, type Range, shardRange } from '#numerics/ranges.ts';

/** One row or column of cells; where the matrix is large, it stands for several indices. */
export interface Slot {
  readonly range: Range;
  readonly at: number;
  readonly size: number;
  /** The rank that owns it; null where the side is not cut. */
  readonly rank: number | null;
  /** Its place in the preview of the shard that it belongs to. */
  readonly local: number;
}

export interface ShardSpan {
  readonly rank: number;
  readonly range: Range;
  readonly at: number;
  readonly size: number;
}

export interface Axis {
  /** Indices in all. */
  readonly length: number;
  /** Pixels in all, the seams between shards included. */
  readonly extent: number;
  readonly slots: readonly Slot[];
  /** One a rank, empty ones too; none where the side is not cut. */
  readonly shards: readonly ShardSpan[];
}

/** Pixels between two shards, so that a cut is seen without its colours. */
export const SEAM = 4;

/** How many seams a side has that is cut into `ranges`. */
export function seamsOf(ranges: readonly Range[] | null): number {
  return ranges === null ? 0 : Math.max(0, ranges.filter((range) => lengthOf(range) > 0).length - 1);
}

/** A side of `length` indices over `pixels`, cut into one range a rank or, with null, not cut. */
export function axisOf(length: number, pixels: number, ranges: readonly Range[] | null): Axis {
  const perIndex = length === 0 ? 0 : pixels / length;
  const slots: Slot[] = [];
  const shards: ShardSpan[] = [];
  let shift = 0;
  const stretches = ranges ?? [{ start: 0, end: length }];
  for (const [index, range] of stretches.entries()) {
    const rank = ranges === null ? null : index;
    const cells = gridCells(lengthOf(range), length);
    for (let local = 0; local < cells; local++) {
      const part = shardRange(lengthOf(range), cells, local);
      const slot = { start: range.start + part.start, end: range.start + part.end };
      slots.push({
        range: slot,
        at: slot.start * perIndex + shift,
        size: lengthOf(slot) * perIndex,
        rank,
        local,
      });
    }
    if (rank !== null) {
      shards.push({ rank, range, at: range.start * perIndex + shift, size: lengthOf(range) * perIndex });
      if (cells > 0 && range.end < length) shift += SEAM;
    }
  }
  return { length, extent: pixels + shift, slots, shards };
}

/** The slot at a pixel, or the nearest one. */
export function slotAt(axis: Axis, pixel: number): Slot | undefined {
  return axis.slots.find((slot) => pixel < slot.at + slot.size + SEAM / 2) ?? axis.slots.at(-1);
}

/** The slot that index lies in. */
export function slotOf(axis: Axis, index: number): Slot | undefined {
  return axis.slots.find(({ range }) => index >= range.start && index < range.end);
}

/** The index that stands for a slot: itself, or the middle of its block. */
export function indexOf(slot: Slot): number {
  return Math.floor((slot.range.start + slot.range.end - 1) / 2);
}

/** The pixels that a range of indices covers, whole slots at least; null for an empty range. */
export function spanOf(axis: Axis, range: Range): { readonly at: number; readonly size: number } | null {
  const first = slotOf(axis, range.start);
  const last = slotOf(axis, range.end - 1);
  if (lengthOf(range) === 0 || first === undefined || last === undefined) return null;
  return { at: first.at, size: last.at + last.size - first.at };
}

/** The place of the slot that holds an index. */
export function placeOf(axis: Axis, index: number): number {
  const slot = slotOf(axis, index);
  return slot === undefined ? 0 : axis.slots.indexOf(slot);
}

/** An index that the slot at a place stands for. */
export function indexAt(axis: Axis, place: number): number {
  const slot = axis.slots[place];
  return slot === undefined ? 0 : indexOf(slot);
}
