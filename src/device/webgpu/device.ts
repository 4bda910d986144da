/** A GPUDevice as a Device: tensors and their shapes in, buffers and dispatches out. */

import add from '../../../shaders/add.wgsl?raw';
import columns from '../../../shaders/columns.wgsl?raw';
import { LabError } from '../../base/errors.ts';
import type { Device, DeviceInfo, Tensor } from '../device.ts';
import {
  addShape,
  checkTensor,
  columnsShape,
  describeShape,
  type LinearShape,
  linearShape,
} from '../shapes.ts';
import { type Dispatch, elementwiseGrid, elementwiseKernel } from './kernel.ts';
import type { LinearVariant } from './linear.ts';
import type { GpuQueue } from './queue.ts';
import { GpuTensor } from './tensor.ts';

const addKernel = elementwiseKernel('add', add);
const columnsKernel = elementwiseKernel('columns', columns);

export class WebGpuDevice implements Device {
  readonly info: DeviceInfo;
  readonly #queue: GpuQueue;
  readonly #linear: (k: number) => LinearVariant;
  /** Bound where a kernel has a binding that this call does not use. */
  readonly #standIn: GPUBuffer;

  constructor(info: DeviceInfo, queue: GpuQueue, linear: (k: number) => LinearVariant) {
    this.info = info;
    this.#queue = queue;
    this.#linear = linear;
    this.#standIn = queue.memory.take(4, 'stand-in');
  }

  tensor(data: Float32Array, shape: readonly number[]): Tensor {
    this.#queue.check();
    checkTensor(data.length, shape);
    const tensor = new GpuTensor(shape, this.#queue.memory);
    if (tensor.length > 0) this.#queue.upload(tensor.buffer, data);
    return tensor;
  }

  read(tensor: Tensor): Promise<Float32Array> {
    return this.stage(tensor, (length) => new Float32Array(length));
  }

  free(...tensors: Tensor[]): void {
    for (const tensor of tensors) this.#own(tensor).free();
  }

  async stage(tensor: Tensor, allocate: (length: number) => Float32Array): Promise<Float32Array> {
    const own = this.#own(tensor);
    if (own.length === 0) {
      await this.#queue.sync();
      return allocate(0);
    }
    return this.#queue.read(own.buffer, (values) => {
      const host = allocate(own.length);
      host.set(values);
      return host;
    });
  }

  unstage(tensor: Tensor, host: Float32Array): void {
    this.#queue.check();
    const own = this.#own(tensor);
    checkTensor(host.length, own.shape);
    if (own.length > 0) this.#queue.upload(own.buffer, host);
  }

  sync(): Promise<void> {
    return this.#queue.sync();
  }

  close(): void {
    this.#queue.close();
  }

  linear(x: Tensor, w: Tensor, b?: Tensor): Tensor {
    const shape = linearShape(x, w, b);
    const { m, k, n } = shape;
    if (k === 0) return this.#linearOfNothing(shape, b);
    return this.#compute([m, n], {
      kernel: this.#linear(k).kernel(shape),
      inputs: [x, w, b],
      sizes: [m, k, n, b === undefined ? 0 : 1],
      workgroups: this.#linear(k).workgroups(shape),
      flops: 2 * m * k * n,
    });
  }

  add(a: Tensor, b: Tensor): Tensor {
    const shape = addShape(a, b);
    const n = b.length;
    const m = n === 0 ? 0 : a.length / n;
    return this.#compute(shape, {
      kernel: addKernel,
      inputs: [a, b],
      sizes: [m, n],
      workgroups: elementwiseGrid({ m, n }, this.info.software),
      flops: a.length,
    });
  }

  columns(x: Tensor, start: number, end: number): Tensor {
    const { m, k, n } = columnsShape(x, start, end);
    return this.#compute([m, n], {
      kernel: columnsKernel,
      inputs: [x],
      sizes: [m, k, n, start],
      workgroups: elementwiseGrid({ m, n }, this.info.software),
      flops: 0,
    });
  }

  /** A sum over no elements is 0, and the bias is still added; no kernel can bind the empty x and w. */
  #linearOfNothing({ m, n }: LinearShape, b: Tensor | undefined): Tensor {
    this.#queue.check();
    const zeros = new GpuTensor([m, n], this.#queue.memory);
    if (b === undefined) return zeros;
    const y = this.add(zeros, b);
    this.free(zeros);
    return y;
  }

  /** Runs a kernel for a new tensor of `shape`; an empty one needs no run. */
  #compute(
    shape: readonly number[],
    {
      inputs,
      ...run
    }: Omit<Dispatch, 'inputs' | 'output'> & { readonly inputs: readonly (Tensor | undefined)[] },
  ): Tensor {
    this.#queue.check();
    const own = inputs.map((input) => (input === undefined ? null : this.#own(input)));
    const output = new GpuTensor(shape, this.#queue.memory);
    if (output.length > 0) {
      const buffers = own.map((input) => input?.buffer ?? this.#standIn);
      this.#queue.run({ ...run, inputs: buffers, output: output.buffer });
    }
    return output;
  }

  #own(tensor: Tensor): GpuTensor {
    if (tensor instanceof GpuTensor && tensor.isFrom(this.#queue.memory)) return tensor;
    throw new LabError(
      'input',
      `A ${describeShape(tensor.shape)} tensor is of another device, or was freed.`,
    );
  }
}
