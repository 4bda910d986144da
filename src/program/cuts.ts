/** How a dimension is cut over the ranks: in whole heads, columns, ids or tokens. */

import { lengthOf, type Range, shardRanges } from '../numerics/ranges.ts';

export interface Cut {
  /** The units of each rank. */
  readonly units: readonly Range[];
  /** Elements of the dimension that a unit takes: the width of a head. */
  readonly width: number;
  /** "heads 8–15", for each rank. */
  readonly notes: readonly string[];
}

/** @param unit "head": what one of them is called */
export function cutOf(unit: string, units: readonly Range[], width = 1): Cut {
  return { units, width, notes: units.map(({ start, end }) => rangeNote(unit, start, end)) };
}

/** In equal shares, as far as that goes. */
export function evenCut(unit: string, total: number, worldSize: number): Cut {
  return cutOf(unit, shardRanges(total, worldSize));
}

/** The same units, each of another width. */
export function withWidth(cut: Cut, width: number): Cut {
  return { ...cut, width };
}

/** The elements of a rank. */
export function rangeOf({ units, width }: Cut, rank: number): Range {
  const { start, end } = units[rank] ?? { start: 0, end: 0 };
  return { start: start * width, end: end * width };
}

export function rangesOf(cut: Cut): Range[] {
  return cut.units.map((_, rank) => rangeOf(cut, rank));
}

/** How many units a rank has. */
export function unitsOf({ units }: Cut, rank: number): number {
  return lengthOf(units[rank] ?? { start: 0, end: 0 });
}

/** Whether both give each rank the same elements, whatever they call them. */
export function sameCut(a: Cut, b: Cut): boolean {
  return rangesOf(a).every(({ start, end }, rank) => {
    const other = rangeOf(b, rank);
    return start === other.start && end === other.end;
  });
}

/** "heads 8–15", "head 3", or "no head". */
export function rangeNote(unit: string, start: number, end: number): string {
  if (start === end) return `no ${unit}`;
  return end - start === 1 ? `${unit} ${start}` : `${unit}s ${start}–${end - 1}`;
}
