/** A tensor in GPU memory. */

import { invariant } from '../../base/errors.ts';
import { bytesOf, type DType } from '../../numerics/dtype.ts';
import { describeShape, lengthOfShape } from '../../operations/shapes.ts';
import type { Tensor } from '../device.ts';
import type { TensorMemory } from './memory.ts';

export class GpuTensor implements Tensor {
  readonly shape: readonly number[];
  readonly length: number;
  readonly dtype: DType;
  /** Null once freed. */
  #memory: TensorMemory | null;
  /** Null in an empty tensor: a binding may not be empty. */
  readonly #buffer: GPUBuffer | null;

  /** @param contents of `undefined` ones each is to be written before it is read */
  constructor(
    shape: readonly number[],
    memory: TensorMemory,
    contents: 'zeros' | 'undefined',
    dtype: DType = 'f32',
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.length = lengthOfShape(shape);
    this.#memory = memory;
    const bytes = bytesOf(this.length, this.dtype);
    this.#buffer = bytes === 0 ? null : memory.take(bytes, `tensor ${describeShape(shape)}`, contents);
  }

  /** What a kernel reads or writes; its size is that of the values, in whole words. */
  get buffer(): GPUBuffer {
    invariant(this.#buffer !== null, () => `an empty ${describeShape(this.shape)} tensor is not bound`);
    return this.#buffer;
  }

  /** Whether it lives in this memory, and was not freed. */
  isFrom(memory: TensorMemory): boolean {
    return this.#memory === memory;
  }

  free(): void {
    if (this.#buffer !== null) this.#memory?.give(this.#buffer);
    this.#memory = null;
  }
}
