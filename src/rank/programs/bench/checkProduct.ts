/** Compares a product with float64 sums, as much of it as there is time for. */

import { type Exact, exactLinear, exactly, gamma } from '../../../numerics/oracle.ts';
import { hash32 } from '../../../numerics/random.ts';
import type { Checked, Rounding } from '../../../protocol/bench.ts';
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
  /** What w was before it was stored in fewer bits; left out where it was not. */
  readonly wide?: Float32Array;
}

/**
 * Compares y `[m, n]`: the whole of a small product, and of a large one its first and last row and column and a grid
 * between them that the seed has scattered, so that no tile of a kernel stays out of sight for its place.
 */
export function checkProduct(
  y: Float32Array,
  { m, k, n, x, w, wide = w }: ProductOperands,
  seed: number,
): Checked {
  // What lies where in it is not known.
  if (y.length !== m * n) return { wrong: Math.max(y.length, m * n), maxAbsError: Number.NaN };
  const terms = k + ELEMENT_TERMS;
  const whole = m * n * terms <= MAX_TERMS;
  const rows = scattered(whole ? m : MAX_ROWS, m, hash32(seed, 0));
  const cols = scattered(whole ? n : Math.floor(MAX_TERMS / (rows.length * terms)), n, hash32(seed, 1));
  const xRows = new Float32Array(rows.length * k);
  for (const [i, row] of rows.entries()) xRows.set(x.subarray(row * k, (row + 1) * k), i * k);
  const exactBy = (weight: Float32Array): Exact => {
    const weightRow = (i: number, into: Float64Array): void => {
      const col = cols[i] ?? 0;
      into.set(weight.subarray(col * k, (col + 1) * k));
    };
    return exactLinear(exactly(rows.length, k, xRows), { start: 0, end: cols.length }, weightRow, null);
  };
  const exact = exactBy(w); // [rows, cols]
  const own = new Float32Array(exact.values.length);
  for (let i = 0; i < own.length; i++) {
    const [row = 0, col = 0] = [rows[Math.floor(i / cols.length)], cols[i % cols.length]];
    own[i] = y[row * n + col] as number;
  }
  const checked = compareElements(own, {
    length: exact.values.length,
    value: (i) => exact.values[i] as number,
    tolerance: (i) => gamma(k) * (exact.magnitudes[i] as number),
  });
  return w === wide ? checked : { ...checked, rounding: roundingOf(own, exactBy(wide).values) };
}

function roundingOf(own: Float32Array, exact: Float64Array): Rounding {
  let [maxAbsError, squares, of] = [0, 0, 0];
  for (const [i, value] of exact.entries()) {
    const error = Math.abs((own[i] as number) - value);
    maxAbsError = Math.max(maxAbsError, error);
    squares += error ** 2;
    of += value ** 2;
  }
  return { maxAbsError, relativeRms: of === 0 ? squares : Math.sqrt(squares / of) };
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
