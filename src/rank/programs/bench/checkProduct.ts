/** Compares a product with float64 sums, as much of it as there is time for. */

import { exactLinear, exactly, gamma } from '../../../numerics/oracle.ts';
import { hash32 } from '../../../numerics/random.ts';
import type { Checked } from '../../../protocol/bench.ts';
import { compareElements } from './measured.ts';

/** Multiply-adds that a check may take: a fifth of a second. */
const MAX_TERMS = 2 ** 26;
/** What an element takes beside its k, in those. */
const ELEMENT_TERMS = 64;
/** Of a large product, so that there is time for as many columns. */
const MAX_ROWS = 128;

export interface ProductOperands {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** `[m, k]` */
  readonly x: Float32Array;
  /** As stored, `[n, k]`. */
  readonly w: Float32Array;
}

/**
 * Compares y `[m, n]`: the whole of a small product, and of a large one its first and last row and column and a grid
 * between them that the seed has scattered, so that no tile of a kernel stays out of sight for its place.
 */
export function checkProduct(y: Float32Array, { m, k, n, x, w }: ProductOperands, seed: number): Checked {
  // What lies where in it is not known.
  if (y.length !== m * n) return { wrong: Math.max(y.length, m * n), maxAbsError: Number.NaN };
  const terms = k + ELEMENT_TERMS;
  const whole = m * n * terms <= MAX_TERMS;
  const rows = scattered(whole ? m : MAX_ROWS, m, hash32(seed, 0));
  const cols = scattered(whole ? n : Math.floor(MAX_TERMS / (rows.length * terms)), n, hash32(seed, 1));
  const xRows = new Float32Array(rows.length * k);
  for (const [i, row] of rows.entries()) xRows.set(x.subarray(row * k, (row + 1) * k), i * k);
  const weightRow = (i: number, into: Float64Array): void => {
    const col = cols[i] ?? 0;
    into.set(w.subarray(col * k, (col + 1) * k));
  };
  const outs = { start: 0, end: cols.length };
  const exact = exactLinear(exactly(rows.length, k, xRows), outs, weightRow, null); // [rows, cols]
  const own = new Float32Array(exact.values.length);
  for (let i = 0; i < own.length; i++) {
    const [row = 0, col = 0] = [rows[Math.floor(i / cols.length)], cols[i % cols.length]];
    own[i] = y[row * n + col] as number;
  }
  return compareElements(own, {
    length: exact.values.length,
    value: (i) => exact.values[i] as number,
    tolerance: (i) => gamma(k) * (exact.magnitudes[i] as number),
  });
}

/** `count` of the indices below `total`, or all: the first, the last, and one of each of as many equal parts between. */
function scattered(count: number, total: number, seed: number): number[] {
  if (count >= total) return Array.from({ length: total }, (_, index) => index);
  return Array.from({ length: count }, (_, part) => {
    if (part === 0 || part === count - 1) return part === 0 ? 0 : total - 1;
    const start = Math.floor((part * total) / count);
    const end = Math.floor(((part + 1) * total) / count);
    return start + (hash32(seed, part) % (end - start));
  });
}
