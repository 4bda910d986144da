/** Shapes: their sizes, their words, and checks that any operation may need. */

import { LabError } from '../base/errors.ts';
import type { Tensor } from './signatures.ts';

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

/** The two sizes of a matrix. @throws LabError 'input' where `tensor` is none. */
export function matrixShape(name: string, tensor: Tensor): readonly [rows: number, cols: number] {
  const { shape } = tensor;
  if (shape.length !== 2)
    throw new LabError('input', `${name} is ${describeShape(shape)}; it needs two sizes.`);
  return shape as readonly [rows: number, cols: number];
}

/** Checks that `tensor` is exactly of this shape. */
export function checkShape(name: string, tensor: Tensor, shape: readonly number[]): void {
  if (tensor.shape.length === shape.length && shape.every((size, i) => size === tensor.shape[i])) return;
  throw new LabError(
    'input',
    `${name} is ${describeShape(tensor.shape)}; it needs to be ${describeShape(shape)}.`,
  );
}

/** `total / groups`, where that is a whole number. */
export function divide(name: string, total: number, groups: number): number {
  if (Number.isInteger(groups) && groups > 0 && total % groups === 0) return total / groups;
  throw new LabError('input', `${name} ${total} does not divide by ${groups}.`);
}
