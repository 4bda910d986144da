/**
 * Seeded numbers that are a function of their position: rank r computes exactly its own elements of a matrix
 * that nobody ever holds whole, and every rank, oracle and reload sees the same matrix.
 */

/** A 32-bit hash of (seed, index). The mixer is lowbias32 (https://nullprogram.com/blog/2018/07/31/). */
export function hash32(seed: number, index: number): number {
  let h = (Math.imul(index, 0x9e3779b9) + Math.imul(seed, 0x85ebca6b) + 0x165667b1) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Element `index` of stream `seed`: uniform in [−1, 1), a multiple of 2⁻²³ and so exact in float32. */
export function uniform(seed: number, index: number): number {
  return ((hash32(seed, index) >>> 8) - 0x800000) / 0x800000;
}
