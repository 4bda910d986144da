/**
 * The device of a rank without a GPU: kernels in WASM, on one thread. An operation has run when its call returns, so
 * nothing is ever pending; `read`, `stage` and `sync` are asynchronous only because the interface is.
 */

import type { Recorder } from '../../base/trace.ts';
import { lengthOfData, storedIn, type TensorData, writeFloats } from '../../numerics/tensorData.ts';
import { checkTensor, lengthOfShape } from '../../operations/shapes.ts';
import type { Arena } from '../../wasm/arena.ts';
import { bestFlavour, type Flavour, kernelsOn } from '../../wasm/kernels.ts';
import type { Device, DeviceInfo, OperationName, Operations, PreparedRun, Tensor } from '../device.ts';
import { arenaAlone, CpuMemory } from './memory.ts';
import { cpuOperations } from './operations.ts';
import { Runner } from './runner.ts';

export interface CpuOptions {
  /** Where spans go, on the lane 'device'. */
  readonly recorder: Recorder;
  /** Where tensors live: the rank's part of the group's memory, so that collectives work on them in place. */
  readonly arena?: Arena;
  /** By default the fastest that this engine can run. */
  readonly flavour?: Flavour;
  /** The way to multiply; by default the one that suits. */
  readonly linear?: string;
}

/**
 * A device in this thread.
 * @throws LabError 'environment' where WebAssembly with SIMD is missing, or refused by the page's policy
 */
export function createCpuDevice({ recorder, arena = arenaAlone(), ...asked }: CpuOptions): Device {
  const flavour = asked.flavour ?? bestFlavour();
  const memory = new CpuMemory(arena);
  const runner = new Runner(kernelsOn(arena.memory, flavour), memory, recorder);
  const operations = cpuOperations(runner, asked.linear);
  return Object.assign(new CpuTensors(labels[flavour], memory, runner, operations), operations);
}

const labels: Readonly<Record<Flavour, string>> = {
  fused: 'WASM relaxed SIMD, 1 thread',
  plain: 'WASM SIMD, 1 thread',
};

/** A device but for its operations. */
class CpuTensors implements Omit<Device, keyof Operations> {
  readonly info: DeviceInfo;
  readonly #memory: CpuMemory;
  readonly #runner: Runner;
  readonly #operations: Operations;

  constructor(label: string, memory: CpuMemory, runner: Runner, operations: Operations) {
    this.info = { kind: 'cpu', label, software: false, adapter: {}, timestamps: false };
    this.#memory = memory;
    this.#runner = runner;
    this.#operations = operations;
  }

  tensor(data: TensorData, shape: readonly number[]): Tensor {
    checkTensor(lengthOfData(data), shape);
    const tensor = this.#memory.take(shape);
    if (tensor.length > 0) {
      const bytes = storedIn(data).byteLength;
      this.#runner.time({ kind: 'upload', bytes }, () => writeFloats(data, tensor.values));
    }
    return tensor;
  }

  zeros(shape: readonly number[]): Tensor {
    checkTensor(lengthOfShape(shape), shape);
    const tensor = this.#memory.take(shape);
    tensor.values.fill(0); // the memory holds what was in it before
    return tensor;
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    const values = this.#memory.valuesOf(tensor);
    return this.#runner.time({ kind: 'readback', bytes: values.byteLength }, () => new Float32Array(values));
  }

  free(...tensors: Tensor[]): void {
    for (const tensor of tensors) this.#memory.free(tensor);
  }

  valuesOf(tensor: Tensor): Float32Array {
    return this.#memory.valuesOf(tensor);
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

  prepare(result: Tensor, op: OperationName, args: readonly unknown[]): PreparedRun {
    const compute = (): unknown => Reflect.apply(this.#operations[op], null, args);
    return this.#runner.prepare(result, op, args as Parameters<Operations[typeof op]>, compute);
  }

  async sync(): Promise<void> {
    this.#memory.check();
  }

  close(): void {
    this.#memory.close();
  }
}
