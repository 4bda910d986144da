/** The shape rules of the operations, which both devices check before they compute. */

import { LabError } from '../base/errors.ts';
import type { Tensor } from './device.ts';

/** The sizes of y = x·Wᵀ: x `[m, k]`, w `[n, k]`, y `[m, n]`. */
export interface LinearShape {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** The number of elements of a tensor of this shape. */
export function lengthOfShape(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** "64×2048". */
export function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/** Checks that `length` values fill `shape`. */
export function checkTensor(length: number, shape: readonly number[]): void {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new LabError(
      'input',
      `A tensor cannot be ${describeShape(shape)}: sizes are whole numbers from 0 up.`,
    );
  }
  const needed = lengthOfShape(shape);
  if (length !== needed) {
    throw new LabError(
      'input',
      `A ${describeShape(shape)} tensor has ${needed} elements, and ${length} values were given.`,
    );
  }
}

/** Checks x `[m, k]`, w `[n, k]` and b `[n]`. */
export function linearShape(x: Tensor, w: Tensor, b?: Tensor): LinearShape {
  const [m, k] = matrixShape('linear: x', x);
  const [n, kOfW] = matrixShape('linear: w', w);
  if (k !== kOfW) {
    throw new LabError(
      'input',
      `linear: x is ${describeShape(x.shape)} and w ${describeShape(w.shape)}; both need the same last size.`,
    );
  }
  if (b !== undefined && (b.shape.length !== 1 || b.length !== n)) {
    throw new LabError(
      'input',
      `linear: b is ${describeShape(b.shape)}; with w ${describeShape(w.shape)} it needs ${n}.`,
    );
  }
  return { m, k, n };
}

/** Checks a + b: equal shapes, or b `[N]` and a `[…, N]`. Gives the shape of the sum. */
export function addShape(a: Tensor, b: Tensor): readonly number[] {
  const equal = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
  const rows = b.shape.length === 1 && a.shape.at(-1) === b.length;
  if (!equal && !rows) {
    throw new LabError(
      'input',
      `add: a is ${describeShape(a.shape)} and b ${describeShape(b.shape)}; b needs the shape of a, or its last size.`,
    );
  }
  return a.shape;
}

/** Checks that `start … end` are columns of x `[m, k]`; n is their number. */
export function columnsShape(x: Tensor, start: number, end: number): LinearShape {
  const [m, k] = matrixShape('columns: x', x);
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= k)) {
    throw new LabError(
      'input',
      `columns: ${start} … ${end} are not columns of a ${describeShape(x.shape)} matrix.`,
    );
  }
  return { m, k, n: end - start };
}

function matrixShape(name: string, tensor: Tensor): [rows: number, cols: number] {
  const [rows, cols, ...rest] = tensor.shape;
  if (rows === undefined || cols === undefined || rest.length > 0) {
    throw new LabError('input', `${name} is ${describeShape(tensor.shape)}; it needs two sizes.`);
  }
  return [rows, cols];
}
