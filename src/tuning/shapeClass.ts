/** Products y = x·Wᵀ of similar sizes, for which one kernel is the fastest: M, K and N up to powers of two. */

import type { LinearShape } from '../operations/operations.ts';

/** "64x2048x8192": the largest product of the class. */
export type ShapeClass = `${number}x${number}x${number}`;

/** Past these the best kernel is the same, as measured on an H200 (4096³, 512×2048×8192); below, a launch is what counts. */
const LEAST: LinearShape = { m: 8, k: 64, n: 64 };
const MOST: LinearShape = { m: 4096, k: 4096, n: 8192 };

/** What the pages multiply, and squares as they are compared. */
export const USUAL_CLASSES: readonly ShapeClass[] = [
  '512x512x512',
  '64x2048x8192',
  '16x2048x2048',
  '1024x1024x1024',
  '32x2048x8192',
  '128x4096x4096',
  '2048x2048x2048',
  '512x2048x8192',
];

/**
 * Null up to four rows of x: on a GPU these have an order of additions of their own, and one kernel.
 */
export function classOf({ m, k, n }: LinearShape): ShapeClass | null {
  if (m <= 4) return null;
  const [rows, depth, cols] = [
    powerOfTwo(m, LEAST.m, MOST.m),
    powerOfTwo(k, LEAST.k, MOST.k),
    powerOfTwo(n, LEAST.n, MOST.n),
  ];
  return `${rows}x${depth}x${cols}`;
}

/** The largest product of a class; null where the text names none. */
export function shapeOf(text: string): LinearShape | null {
  const parts = /^(\d{1,5})x(\d{1,5})x(\d{1,5})$/.exec(text);
  if (parts === null) return null;
  const [m = 0, k = 0, n = 0] = parts.slice(1).map(Number);
  return classOf({ m, k, n }) === text ? { m, k, n } : null;
}

/** How many doublings lie between two classes. */
export function distanceOf(a: LinearShape, b: LinearShape): number {
  return Math.abs(Math.log2(a.m / b.m)) + Math.abs(Math.log2(a.k / b.k)) + Math.abs(Math.log2(a.n / b.n));
}

/**
 * A product of the class that lasts at most so long: half of the longer of M and N as often as it takes. One that is
 * slower has so many tiles that half of them rank the kernels alike.
 * @param runMs how long `shape` lasts
 */
export function shortened(shape: LinearShape, runMs: number, mostMs: number): LinearShape {
  let { m, n } = shape;
  for (let ms = runMs; ms > mostMs && Math.max(m, n) > LEAST.n; ms /= 2) {
    if (n >= m) n /= 2;
    else m /= 2;
  }
  return { m, k: shape.k, n };
}

function powerOfTwo(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, 2 ** Math.ceil(Math.log2(Math.max(1, value)))));
}
