/** Tensors in host memory: who owns them, and where their values lie. */

import { LabError } from '../../base/errors.ts';
import { describeShape, lengthOfShape } from '../../operations/shapes.ts';
import type { Tensor } from '../device.ts';

export interface MemoryOptions {
  /**
   * Where tensors live: the group's memory, so that collectives work on them in place. Gives `length` floats of any
   * content, or null where it is full: then, and without this option, a tensor has memory of its own.
   */
  readonly allocate?: ((length: number) => Float32Array | null) | undefined;
  /** Takes back what `allocate` gave. */
  readonly release?: ((values: Float32Array) => void) | undefined;
}

export interface CpuTensor extends Tensor {
  readonly values: Float32Array;
  /** Whether `values` came from `allocate`. */
  readonly allocated: boolean;
}

export class CpuMemory {
  readonly #options: MemoryOptions;
  readonly #tensors = new Map<Tensor, CpuTensor>();
  #closed = false;

  constructor(options: MemoryOptions) {
    this.#options = options;
  }

  /** A tensor whose values are unknown: whoever takes it writes all of them. */
  take(shape: readonly number[]): CpuTensor {
    this.check();
    const length = lengthOfShape(shape);
    const shared = length === 0 ? null : (this.#options.allocate?.(length) ?? null);
    const values = shared ?? new Float32Array(length);
    const tensor: CpuTensor = { shape, length, dtype: 'f32', values, allocated: shared !== null };
    this.#tensors.set(tensor, tensor);
    return tensor;
  }

  /** @throws LabError 'input' where the tensor is of another device, or was freed. */
  valuesOf(tensor: Tensor): Float32Array {
    return this.#own(tensor).values;
  }

  free(tensor: Tensor): void {
    const { allocated, values } = this.#own(tensor);
    this.#tensors.delete(tensor);
    if (allocated) this.#options.release?.(values);
  }

  /** Frees all. From now on everything throws LabError 'closed'. */
  close(): void {
    if (this.#closed) return;
    for (const tensor of this.#tensors.keys()) this.free(tensor);
    this.#closed = true;
  }

  check(): void {
    if (this.#closed) throw new LabError('closed', 'This device was closed; open another one.');
  }

  #own(tensor: Tensor): CpuTensor {
    this.check();
    const own = this.#tensors.get(tensor);
    if (own !== undefined) return own;
    throw new LabError(
      'input',
      `A ${describeShape(tensor.shape)} tensor is of another device, or was freed.`,
    );
  }
}
