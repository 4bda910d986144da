/** A GPUDevice as a Device: tensors and their shapes in, buffers and dispatches out. */

import { invariant } from '../../base/errors.ts';
import type { DType } from '../../numerics/dtype.ts';
import {
  dataOf,
  lengthOfData,
  type StoredArray,
  storedIn,
  type TensorData,
  typeOf,
  writeFloats,
} from '../../numerics/tensorData.ts';
import { checkTensor, lengthOfShape } from '../../operations/shapes.ts';
import type { TunedKernels } from '../../tuning/table.ts';
import type { Device, DeviceInfo, OperationName, Operations, PreparedRun, Tensor } from '../device.ts';
import type { GpuQueue } from './queue.ts';
import { type AskedVariants, gpuOperations } from './registry.ts';
import { Runner } from './runner.ts';
import { GpuTensor } from './tensor.ts';
import { tunedLinear } from './tuned.ts';

/** @param asked kernels that are to run in place of those that suit the adapter */
export function webGpuDevice(info: DeviceInfo, queue: GpuQueue, asked: AskedVariants): Device {
  const runner = new Runner(queue, info.software, asked);
  runner.preferTuned(tunedLinear(info, navigator.userAgent, []));
  const names = Object.keys(gpuOperations) as OperationName[];
  const operations = names.map((name) => [
    name,
    (...args: Parameters<Operations[OperationName]>) => runner.run(name, args),
  ]);
  return Object.assign(new GpuTensors(info, queue, runner), Object.fromEntries(operations) as Operations);
}

/** A device but for its operations: what goes between the host and the GPU. */
class GpuTensors implements Omit<Device, keyof Operations> {
  readonly info: DeviceInfo;
  readonly #queue: GpuQueue;
  readonly #runner: Runner;

  constructor(info: DeviceInfo, queue: GpuQueue, runner: Runner) {
    this.info = info;
    this.#queue = queue;
    this.#runner = runner;
  }

  tensor(data: TensorData, shape: readonly number[]): Tensor {
    checkTensor(lengthOfData(data), shape);
    const tensor = this.#make(shape, typeOf(data));
    if (tensor.length > 0) this.#queue.upload(tensor.buffer, inWords(storedIn(data)), true);
    return tensor;
  }

  /** The browser clears new buffers. */
  zeros(shape: readonly number[]): Tensor {
    return this.#make(shape, 'f32');
  }

  read(tensor: Tensor): Promise<Float32Array> {
    return this.stage(tensor, (length) => new Float32Array(length));
  }

  free(...tensors: Tensor[]): void {
    for (const tensor of tensors) this.#runner.own(tensor).free();
  }

  async stage(tensor: Tensor, allocate: (length: number) => Float32Array): Promise<Float32Array> {
    const own = this.#runner.own(tensor);
    if (own.length === 0) {
      await this.#queue.sync();
      return allocate(0);
    }
    return this.#queue.read(own.buffer, (mapped) => {
      const host = allocate(own.length);
      writeFloats(dataOf(own.dtype, own.length, mapped), host);
      return host;
    });
  }

  unstage(tensor: Tensor, host: Float32Array): void {
    this.#queue.check();
    const own = this.#runner.own(tensor);
    checkTensor(host.length, own.shape);
    invariant(own.dtype === 'f32', () => `what the host changed is not written to ${own.dtype}`);
    if (own.length > 0) this.#queue.upload(own.buffer, host, false);
  }

  prepare(result: Tensor, op: OperationName, args: readonly unknown[]): PreparedRun {
    return this.#runner.prepare(result, op, args as Parameters<Operations[typeof op]>);
  }

  preferTuned(kernels: TunedKernels): void {
    this.#runner.preferTuned(tunedLinear(this.info, navigator.userAgent, kernels));
  }

  sync(): Promise<void> {
    return this.#queue.sync();
  }

  close(): void {
    this.#queue.close();
  }

  #make(shape: readonly number[], dtype: DType): GpuTensor {
    this.#queue.check();
    checkTensor(lengthOfShape(shape), shape);
    return new GpuTensor(shape, this.#queue.memory, 'zeros', dtype);
  }
}

/** A GPU's memory is written in words of 4 bytes. */
function inWords(stored: StoredArray): StoredArray {
  if (stored.byteLength % 4 === 0) return stored;
  const padded = new Uint16Array(stored.length + 1);
  padded.set(stored);
  return padded;
}
