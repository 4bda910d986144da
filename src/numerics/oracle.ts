/**
 * The unsplit product in float64, and how far a float32 result may lie from it.
 *
 * For a sum of n products in any order, with or without fused multiply-add, |error| ≤ γ_n · Σ|x||w| with
 * γ_n = n·u / (1 − n·u), u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms, §3.1). A second layer on
 * the first one's output adds its own n, and its magnitudes multiply those of the first.
 */

import { lengthOf, type Range } from './ranges.ts';

const UNIT_ROUNDOFF = 2 ** -24;

export function gamma(n: number): number {
  return (n * UNIT_ROUNDOFF) / (1 - n * UNIT_ROUNDOFF);
}

/** Values with the sum of the magnitudes that went into each: `[rows, cols]`, row-major. */
export interface Exact {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float64Array;
  readonly magnitudes: Float64Array;
}

/** Float32 numbers as an exact matrix: their magnitudes are their own. */
export function exactly(rows: number, cols: number, data: Float32Array): Exact {
  return { rows, cols, values: Float64Array.from(data), magnitudes: Float64Array.from(data, Math.abs) };
}

/**
 * Rows `outs` of `y = x·Wᵀ + b`, as columns of the result `[x.rows, outs]`.
 * @param weightRow writes row `out` of the stored weight, `x.cols` long, into an array that is used again
 */
export function exactLinear(
  x: Exact,
  outs: Range,
  weightRow: (out: number, into: Float64Array) => void,
  bias: ((out: number) => number) | null,
): Exact {
  const { rows, cols: k } = x;
  const cols = lengthOf(outs);
  const values = new Float64Array(rows * cols);
  const magnitudes = new Float64Array(rows * cols);
  const w = new Float64Array(k);
  for (let j = 0; j < cols; j++) {
    weightRow(outs.start + j, w);
    const b = bias === null ? 0 : bias(outs.start + j);
    for (let i = 0; i < rows; i++) {
      let sum = b;
      let magnitude = Math.abs(b);
      for (let at = i * k, c = 0; c < k; c++, at++) {
        sum += (x.values[at] as number) * (w[c] as number);
        magnitude += (x.magnitudes[at] as number) * Math.abs(w[c] as number);
      }
      values[i * cols + j] = sum;
      magnitudes[i * cols + j] = magnitude;
    }
  }
  return { rows, cols, values, magnitudes };
}

/** How a float32 result compares with the exact one. */
export interface Check {
  /** Elements compared. */
  readonly count: number;
  readonly maxAbsError: number;
  /** The bound at the element that came nearest to its own. */
  readonly tolerance: number;
  /** How near: |error| ÷ bound at that element. Passes up to 1. */
  readonly worstRatio: number;
  readonly pass: boolean;
}

/** @param terms how many roundings an element went through, at most: the n of γ */
export function check(result: Float32Array, exact: Exact, terms: number): Check {
  let maxAbsError = 0;
  let tolerance = 0;
  let worstRatio = -1;
  for (let i = 0; i < result.length; i++) {
    const error = Math.abs((result[i] as number) - (exact.values[i] as number));
    const bound = gamma(terms) * (exact.magnitudes[i] as number);
    // 0 / 0 is a perfect zero; NaN in the result must fail.
    const ratio = error === 0 ? 0 : error / bound;
    if (error > maxAbsError || Number.isNaN(error)) maxAbsError = error;
    if (ratio > worstRatio || Number.isNaN(ratio)) {
      worstRatio = Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio;
      tolerance = bound;
    }
  }
  const count = result.length;
  if (count !== exact.values.length) throw new Error(`${count} results, ${exact.values.length} exact values`);
  return { count, maxAbsError, tolerance, worstRatio: Math.max(0, worstRatio), pass: worstRatio <= 1 };
}

/** Several checks as one. */
export function mergeChecks(checks: readonly Check[]): Check {
  const worst = checks.reduce((a, b) => (b.worstRatio > a.worstRatio ? b : a));
  return {
    count: checks.reduce((sum, one) => sum + one.count, 0),
    // Math.max keeps a NaN, which is what must not be lost.
    maxAbsError: Math.max(...checks.map((one) => one.maxAbsError)),
    tolerance: worst.tolerance,
    worstRatio: worst.worstRatio,
    pass: checks.every((one) => one.pass),
  };
}

/** FNV-1a over the bits of float32 values: equal hashes, equal bits (but for one chance in 2³²). */
export function hashBits(data: Float32Array): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
