/** The heads of a layer, from those of all ranks. Pure. */

import type { OpenedAttention } from '#protocol.ts';

export interface AttentionHead {
  readonly index: number;
  readonly rank: number;
  /** A number for each token; they add up to 1. */
  readonly weights: Float32Array;
}

/** In order. */
export function headsOf(ranks: readonly OpenedAttention[]): AttentionHead[] {
  const heads = ranks.flatMap(({ first, heads, count, weights }, rank) =>
    Array.from({ length: heads }, (_, i) => ({
      index: first + i,
      rank,
      weights: weights.subarray(i * count, (i + 1) * count),
    })),
  );
  return heads.sort((a, b) => a.index - b.index);
}

/** The mean of some heads, for each of `count` tokens. */
export function columnOf(heads: readonly AttentionHead[], count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => heads.reduce((sum, { weights }) => sum + (weights[i] ?? 0), 0) / Math.max(1, heads.length),
  );
}
