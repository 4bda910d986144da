/**
 * The device of a rank without a GPU: plain loops over host memory. An operation has run when its call returns, so
 * nothing is ever pending; `read`, `stage` and `sync` are asynchronous only because the interface is.
 */

import type { Recorder } from '../../base/trace.ts';
import { checkTensor, lengthOfShape } from '../../operations/shapes.ts';
import type { Device, DeviceInfo, Operations, Tensor } from '../device.ts';
import { attentionOperation } from './attention.ts';
import { copies } from './copies.ts';
import { elements } from './elements.ts';
import { gateOperation } from './gate.ts';
import { CpuMemory, type MemoryOptions } from './memory.ts';
import { products } from './products.ts';
import { rowOperations } from './rows.ts';
import { Runner } from './runner.ts';

export interface CpuOptions extends MemoryOptions {
  /** Where spans go, on the lane 'device'. */
  readonly recorder: Recorder;
}

/** A device in this thread. It needs nothing, and so never fails to open. */
export function createCpuDevice(options: CpuOptions): Device {
  const memory = new CpuMemory(options);
  const runner = new Runner(memory, options.recorder);
  return Object.assign(new CpuTensors(memory, runner), {
    ...products(runner),
    ...copies(runner),
    ...elements(runner),
    ...rowOperations(runner),
    ...attentionOperation(runner),
    ...gateOperation(runner),
  });
}

const info: DeviceInfo = {
  kind: 'cpu',
  label: 'JavaScript, 1 thread',
  software: false,
  adapter: {},
  timestamps: false,
};

/** A device but for its operations. */
class CpuTensors implements Omit<Device, keyof Operations> {
  readonly info = info;
  readonly #memory: CpuMemory;
  readonly #runner: Runner;

  constructor(memory: CpuMemory, runner: Runner) {
    this.#memory = memory;
    this.#runner = runner;
  }

  tensor(data: Float32Array, shape: readonly number[]): Tensor {
    checkTensor(data.length, shape);
    const tensor = this.#memory.take(shape);
    if (tensor.length > 0) {
      this.#runner.time({ kind: 'upload', bytes: data.byteLength }, () => tensor.values.set(data));
    }
    return tensor;
  }

  zeros(shape: readonly number[]): Tensor {
    checkTensor(lengthOfShape(shape), shape);
    const tensor = this.#memory.take(shape);
    tensor.values.fill(0); // the group's memory holds what was in it before
    return tensor;
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    const values = this.#memory.valuesOf(tensor);
    return this.#runner.time({ kind: 'readback', bytes: values.byteLength }, () => new Float32Array(values));
  }

  free(...tensors: Tensor[]): void {
    for (const tensor of tensors) this.#memory.free(tensor);
  }

  /** The tensor's own memory: no copy, and so no span. */
  async stage(tensor: Tensor): Promise<Float32Array> {
    return this.#memory.valuesOf(tensor);
  }

  unstage(tensor: Tensor, host: Float32Array): void {
    const values = this.#memory.valuesOf(tensor);
    if (host === values) return;
    checkTensor(host.length, tensor.shape);
    this.#runner.time({ kind: 'upload', bytes: host.byteLength }, () => values.set(host));
  }

  async sync(): Promise<void> {
    this.#memory.check();
  }

  close(): void {
    this.#memory.close();
  }
}
