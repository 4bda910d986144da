/** Tensors in a memory that kernels work on: who owns them, and where their values lie. */

import { LabError } from '../../base/errors.ts';
import { describeShape, lengthOfShape } from '../../operations/shapes.ts';
import { Arena } from '../../wasm/arena.ts';
import { PAGE_BYTES, sharedMemory } from '../../wasm/memory.ts';
import type { Tensor } from '../device.ts';

class CpuTensor implements Tensor {
  readonly dtype = 'f32';
  readonly shape: readonly number[];
  readonly length: number;
  readonly values: Float32Array;
  /** Null once it is freed. */
  owner: CpuMemory | null;

  constructor(shape: readonly number[], values: Float32Array, owner: CpuMemory) {
    this.shape = shape;
    this.length = values.length;
    this.values = values;
    this.owner = owner;
  }
}

/** For a device that belongs to no group. The first line stays free: kernels take address 0 for nothing. */
export function arenaAlone(): Arena {
  return new Arena(sharedMemory(PAGE_BYTES), { offset: 64, bytes: PAGE_BYTES - 64 });
}

export class CpuMemory {
  readonly #arena: Arena;
  readonly #tensors = new Set<CpuTensor>();
  #scratch: Float32Array = new Float32Array();
  #closed = false;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * A tensor whose values are unknown: whoever takes it writes all of them.
   * @throws LabError 'memory' where there is no more
   */
  take(shape: readonly number[]): CpuTensor {
    this.check();
    const length = lengthOfShape(shape);
    const values =
      length === 0 ? new Float32Array() : this.#allocate(length, `${describeShape(shape)} tensor`);
    const tensor = new CpuTensor(shape, values, this);
    this.#tensors.add(tensor);
    return tensor;
  }

  /** @throws LabError 'input' where the tensor is of another device, or was freed. */
  valuesOf(tensor: Tensor): Float32Array {
    return this.#own(tensor).values;
  }

  /** The address of `bytes` for the kernel that runs next, which leaves nothing there that anybody reads. */
  scratch(bytes: number): number {
    if (this.#scratch.byteLength < bytes) {
      this.#arena.release(this.#scratch);
      this.#scratch = new Float32Array();
      this.#scratch = this.#allocate(Math.ceil(bytes / 4), 'scratch');
    }
    return this.#scratch.byteOffset;
  }

  free(tensor: Tensor): void {
    const own = this.#own(tensor);
    own.owner = null;
    this.#tensors.delete(own);
    this.#arena.release(own.values);
  }

  /** Frees all. From now on everything throws LabError 'closed'. */
  close(): void {
    if (this.#closed) return;
    for (const tensor of this.#tensors) this.free(tensor);
    this.#arena.release(this.#scratch);
    this.#closed = true;
  }

  check(): void {
    if (this.#closed) throw new LabError('closed', 'This device was closed; open another one.');
  }

  #allocate(length: number, what: string): Float32Array {
    const values = this.#arena.allocate(length);
    if (values !== null) return values;
    const [wanted, held] = [4 * length, this.#arena.memory.buffer.byteLength].map(
      (bytes) => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`,
    );
    throw new LabError(
      'memory',
      `There is no room for a ${what} of ${wanted}: the memory that the ranks share has ${held}, and the browser gives ` +
        'no more (4,096 MiB at most). Use smaller sizes.',
    );
  }

  #own(tensor: Tensor): CpuTensor {
    this.check();
    if (tensor instanceof CpuTensor && tensor.owner === this) return tensor;
    throw new LabError(
      'input',
      `A ${describeShape(tensor.shape)} tensor is of another device, or was freed.`,
    );
  }
}
