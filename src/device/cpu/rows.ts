/** The operations over whole rows. Sums are float64 and run from the start of a row to its end. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { Operations } from '../device.ts';
import type { Runner } from './runner.ts';

type RowOperation = 'rmsNorm' | 'layerNorm' | 'softmax' | 'rowMax' | 'sumExp';

export function rowOperations(runner: Runner): Pick<Operations, RowOperation> {
  return {
    rmsNorm: (x, w, epsilon) =>
      runner.compute('rmsNorm', operations.rmsNorm(x, w, epsilon), [x, w], (sizes, y, xs, ws) =>
        rmsNorm(sizes, y, xs, ws, epsilon),
      ),

    layerNorm: (x, w, b, epsilon) =>
      runner.compute('layerNorm', operations.layerNorm(x, w, b, epsilon), [x, w, b], (sizes, y, xs, ws, bs) =>
        layerNorm(sizes, y, xs, ws, bs, epsilon),
      ),

    softmax: (x) => runner.compute('softmax', operations.softmax(x), [x], softmax),

    rowMax: (x) =>
      runner.compute('rowMax', operations.rowMax(x), [x], ({ m, n }, y, values) => {
        for (let row = 0; row < m; row++) y[row] = n === 0 ? lowest : maxOf(values, row * n, n);
      }),

    sumExp: (x, shift) =>
      runner.compute('sumExp', operations.sumExp(x, shift), [x, shift], ({ m, n }, y, values, shifts) => {
        for (let row = 0; row < m; row++) y[row] = sumExpOf(values, row * n, n, shifts[row] as number);
      }),
  };
}

/** The lowest float32: the maximum of an empty row. */
const lowest = -(2 - 2 ** -23) * 2 ** 127;

/** The largest of `n` values from `at` on; NaN where one is. */
export function maxOf(values: Float32Array, at: number, n: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = at; i < at + n; i++) top = Math.max(top, values[i] as number);
  return top;
}

/** Σ e^(x − shift) of `n` values from `at` on. */
export function sumExpOf(values: Float32Array, at: number, n: number, shift: number): number {
  let sum = 0;
  for (let i = at; i < at + n; i++) sum += Math.exp((values[i] as number) - shift);
  return sum;
}

function softmax({ m, n }: SizesOf<'softmax'>, y: Float32Array, x: Float32Array): void {
  for (let row = 0; row < m; row++) {
    const top = maxOf(x, row * n, n);
    const sum = sumExpOf(x, row * n, n, top);
    for (let i = row * n; i < (row + 1) * n; i++) y[i] = Math.exp((x[i] as number) - top) / sum;
  }
}

/** Zhang & Sennrich 2019, arXiv:1910.07467. */
function rmsNorm(
  { m, d }: SizesOf<'rmsNorm'>,
  y: Float32Array, // [M, D]
  x: Float32Array, // [M, D]
  w: Float32Array, // [D]
  epsilon: number,
): void {
  for (let row = 0; row < m; row++) {
    const at = row * d;
    let squares = 0;
    for (let i = 0; i < d; i++) squares += (x[at + i] as number) ** 2;
    const scale = 1 / Math.sqrt(squares / d + epsilon);
    for (let i = 0; i < d; i++) y[at + i] = (x[at + i] as number) * scale * (w[i] as number);
  }
}

/** Ba, Kiros & Hinton 2016, arXiv:1607.06450. */
function layerNorm(
  { m, d }: SizesOf<'layerNorm'>,
  y: Float32Array, // [M, D]
  x: Float32Array, // [M, D]
  w: Float32Array, // [D]
  b: Float32Array, // [D]
  epsilon: number,
): void {
  for (let row = 0; row < m; row++) {
    const at = row * d;
    let sum = 0;
    for (let i = 0; i < d; i++) sum += x[at + i] as number;
    const mean = sum / d;
    let squares = 0;
    for (let i = 0; i < d; i++) squares += ((x[at + i] as number) - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / d + epsilon);
    for (let i = 0; i < d; i++) {
      y[at + i] = ((x[at + i] as number) - mean) * scale * (w[i] as number) + (b[i] as number);
    }
  }
}
