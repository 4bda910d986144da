/** The operations that move rows and columns about. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { Operations } from '../device.ts';
import type { Runner } from './runner.ts';

type Copies = 'columns' | 'concatPerHead' | 'rows' | 'writeRows' | 'addRows' | 'pick';

export function copies(runner: Runner): Pick<Operations, Copies> {
  return {
    columns: (x, start, end, heads) =>
      runner.compute('columns', operations.columns(x, start, end, heads), [x], columns),

    concatPerHead: (a, b, heads, shared) =>
      runner.compute(
        'concatPerHead',
        operations.concatPerHead(a, b, heads, shared),
        [a, b],
        (sizes, y, left, right) => concatPerHead(sizes, y, left, right, shared),
      ),

    rows: (x, indices) => runner.compute('rows', operations.rows(x, indices), [x, indices], rows),

    writeRows: (target, x, start) =>
      runner.change('writeRows', target, operations.writeRows(target, x, start), [x], ({ d }, y, values) =>
        y.set(values, start * d),
      ),

    addRows: (target, x, indices, weights) =>
      runner.change(
        'addRows',
        target,
        operations.addRows(target, x, indices, weights),
        [x, indices, weights],
        addRows,
      ),

    pick: (x, indices) => runner.compute('pick', operations.pick(x, indices), [x, indices], pick),
  };
}

function columns({ m, heads, k, n, start }: SizesOf<'columns'>, y: Float32Array, x: Float32Array): void {
  for (let head = 0; head < m * heads; head++) {
    const at = head * k + start;
    y.set(x.subarray(at, at + n), head * n);
  }
}

function concatPerHead(
  { m, heads, left, right }: SizesOf<'concatPerHead'>,
  y: Float32Array, // [M, H·(left + right)]
  a: Float32Array, // [M, H·left]
  b: Float32Array, // [M, H·right], or [M, right]
  shared: boolean,
): void {
  for (let head = 0; head < m * heads; head++) {
    const bAt = (shared ? Math.floor(head / heads) : head) * right;
    y.set(a.subarray(head * left, (head + 1) * left), head * (left + right));
    y.set(b.subarray(bAt, bAt + right), head * (left + right) + left);
  }
}

function rows(
  { v, d, count }: SizesOf<'rows'>,
  y: Float32Array, // [T, D]
  x: Float32Array, // [V, D]
  indices: Float32Array, // [T]
): void {
  for (let row = 0; row < count; row++) {
    const index = indices[row] as number;
    if (index >= 0 && index < v) y.set(x.subarray(index * d, (index + 1) * d), row * d);
    else y.fill(0, row * d, (row + 1) * d);
  }
}

function addRows(
  { s, d, count }: SizesOf<'addRows'>,
  y: Float32Array, // [S, D]
  x: Float32Array, // [n, D]
  indices: Float32Array, // [n]
  weights: Float32Array, // [n]
): void {
  for (let row = 0; row < count; row++) {
    const index = indices[row] as number;
    const weight = weights[row] as number;
    if (!(index >= 0 && index < s)) continue;
    for (let i = 0; i < d; i++) {
      y[index * d + i] = (y[index * d + i] as number) + weight * (x[row * d + i] as number);
    }
  }
}

function pick(
  { m, n }: SizesOf<'pick'>,
  y: Float32Array, // [M]
  x: Float32Array, // [M, N]
  indices: Float32Array, // [M]
): void {
  for (let row = 0; row < m; row++) {
    const index = indices[row] as number;
    y[row] = index >= 0 && index < n ? (x[row * n + index] as number) : 0;
  }
}
