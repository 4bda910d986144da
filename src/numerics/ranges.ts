/** Ranges of indices, and the one function that says which rank owns which. */

/** Half open: `start` is inside, `end` is not. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function lengthOf(range: Range): number {
  return range.end - range.start;
}

/**
 * The share of `total` that belongs to `rank`: contiguous, disjoint, complete and balanced. The first
 * `total mod worldSize` ranks get one more than the rest; a rank may own an empty range.
 */
export function shardRange(total: number, worldSize: number, rank: number): Range {
  const base = Math.floor(total / worldSize);
  const larger = total % worldSize;
  const start = rank * base + Math.min(rank, larger);
  return { start, end: start + base + (rank < larger ? 1 : 0) };
}

/** {@link shardRange} of every rank, in order. */
export function shardRanges(total: number, worldSize: number): Range[] {
  return Array.from({ length: worldSize }, (_, rank) => shardRange(total, worldSize, rank));
}

/** Of the counts of all ranks. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Consecutive ranges with the given lengths, starting at 0. */
export function consecutiveRanges(lengths: readonly number[]): Range[] {
  let start = 0;
  return lengths.map((length) => {
    const range = { start, end: start + length };
    start += length;
    return range;
  });
}

/** Which of these consecutive ranges holds `index`; −1 where none does. */
export function ownerOf(ranges: readonly Range[], index: number): number {
  return ranges.findIndex((range) => index >= range.start && index < range.end);
}
