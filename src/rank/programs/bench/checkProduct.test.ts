import { describe, expect, it } from 'vitest';
import { uniform } from '../../../numerics/random.ts';
import { checkProduct, type ProductOperands } from './checkProduct.ts';

const SEED = 1;

function productOf(m: number, k: number, n: number): ProductOperands {
  const matrix = (stream: number, rows: number): Float32Array =>
    Float32Array.from({ length: rows * k }, (_, i) => uniform(stream, i));
  return { m, k, n, x: matrix(0, m), w: matrix(1, n) };
}

/** Summed in float64 and rounded once. */
function resultOf({ m, k, n, x, w }: ProductOperands): Float32Array {
  const y = new Float32Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let col = 0; col < n; col++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (x[row * k + i] ?? 0) * (w[col * k + i] ?? 0);
      y[row * n + col] = sum;
    }
  }
  return y;
}

describe('a small product', () => {
  const product = productOf(16, 64, 512);
  const y = resultOf(product);

  it('passes', () => {
    expect(checkProduct(y, product, SEED)).toEqual({ wrong: 0, maxAbsError: expect.closeTo(0, 5) });
  });

  it.each([0, 63, 256, 448, 511])('has every wrong element counted, in column %i too', (col) => {
    const bad = y.slice();
    for (const row of [0, 7, 15]) bad[row * 512 + col] = Number.NaN;
    expect(checkProduct(bad, product, SEED)).toEqual({ wrong: 3, maxAbsError: Number.NaN });
  });

  it('has no other length', () => {
    expect(checkProduct(y.subarray(0, 100), product, SEED).wrong).toBe(y.length);
    expect(checkProduct(new Float32Array(2 * y.length), product, SEED).wrong).toBe(2 * y.length);
  });
});

describe('a product by a weight that was rounded', () => {
  const product = productOf(8, 64, 32);
  const wide = product.w.map((value, i) => (i % 64 === 3 ? value + 0.25 : value));
  const y = resultOf(product);

  it('passes, and is held against the weight as it was', () => {
    const { wrong, maxAbsError, rounding } = checkProduct(y, { ...product, wide }, SEED);
    expect({ wrong, maxAbsError }).toEqual(checkProduct(y, product, SEED));
    const exact = resultOf({ ...product, w: wide });
    const errors = [...y].map((value, i) => value - (exact[i] ?? 0));
    const most = Math.max(...product.x.filter((_, i) => i % 64 === 3).map(Math.abs));
    expect(rounding?.maxAbsError).toBeCloseTo(0.25 * most, 5);
    expect(rounding?.relativeRms).toBeCloseTo(Math.hypot(...errors) / Math.hypot(...exact), 6);
  });
});

/** 2²⁹ multiply-adds, too many to do again. Ones alone, so that each element is k. */
describe('a large product', () => {
  const [m, k, n] = [512, 256, 4096];
  const product = { m, k, n, x: new Float32Array(m * k).fill(1), w: new Float32Array(n * k).fill(1) };
  const y = new Float32Array(m * n).fill(k);

  it('passes', () => {
    expect(checkProduct(y, product, SEED)).toEqual({ wrong: 0, maxAbsError: 0 });
  });

  it.each([
    ['in the corner', 0, 0],
    ['in the middle', 256, 2048],
    ['somewhere', 96, 1088],
    ['at the end', 480, 4032],
  ])('shows a wrong tile of 32 × 64 %s', (_, top, left) => {
    const bad = y.slice();
    for (let row = top; row < top + 32; row++) bad.fill(0, row * n + left, row * n + left + 64);
    const { wrong, maxAbsError } = checkProduct(bad, product, SEED);
    expect(wrong).toBeGreaterThan(0);
    expect(maxAbsError).toBe(k);
  });
});
