/** From tensors to buffers: makes what an operation writes to, binds what it reads, and runs its kernel. */

import { LabError } from '../../base/errors.ts';
import type { Tensor } from '../device.ts';
import type { Operation } from '../operations.ts';
import { describeShape } from '../shapes.ts';
import type { TensorRun } from './kernel.ts';
import type { GpuQueue } from './queue.ts';
import { GpuTensor } from './tensor.ts';

export class Runner {
  /** Whether the adapter is emulated on the CPU. */
  readonly software: boolean;
  readonly #queue: GpuQueue;
  /**
   * Bound for an operand that was left out or is empty: a binding may not be. No kernel reads it for more than a value
   * that it drops. As long as the longest element of an array of operands, a vec4f.
   */
  readonly #standIn: GPUBuffer;

  constructor(queue: GpuQueue, software: boolean) {
    this.#queue = queue;
    this.software = software;
    this.#standIn = queue.memory.take(16, 'stand-in');
  }

  /** Runs a kernel for a new tensor; an empty one needs no run. */
  compute({ shape, flops }: Operation, run: TensorRun): Tensor {
    this.#queue.check();
    const inputs = run.inputs.map((input) => this.#bufferOf(input));
    const output = new GpuTensor(shape ?? [], this.#queue.memory);
    if (output.length > 0) this.#queue.run({ ...run, inputs, output: output.buffer, flops });
    return output;
  }

  /** Runs a kernel that changes `target` in place, by `x`; an empty one changes nothing. */
  change(target: Tensor, x: Tensor, { flops }: Operation, run: TensorRun): void {
    this.#queue.check();
    const inputs = run.inputs.map((input) => this.#bufferOf(input));
    const output = this.own(target);
    if (x.length > 0) this.#queue.run({ ...run, inputs, output: output.buffer, flops });
  }

  /** @throws LabError 'input' where the tensor is of another device, or was freed. */
  own(tensor: Tensor): GpuTensor {
    if (tensor instanceof GpuTensor && tensor.isFrom(this.#queue.memory)) return tensor;
    throw new LabError(
      'input',
      `A ${describeShape(tensor.shape)} tensor is of another device, or was freed.`,
    );
  }

  #bufferOf(input: Tensor | undefined): GPUBuffer {
    const own = input === undefined ? null : this.own(input);
    return own === null || own.length === 0 ? this.#standIn : own.buffer;
  }
}
