/**
 * The device of a rank without a GPU: plain loops over host memory. An operation has run when its call returns, so
 * nothing is ever pending; `read`, `stage` and `sync` are asynchronous only because the interface is.
 */

import { now, type Recorder } from '../../base/trace.ts';
import type { Device, DeviceInfo, Tensor } from '../device.ts';
import { addShape, checkTensor, columnsShape, linearShape } from '../shapes.ts';
import { linear } from './linear.ts';
import { CpuMemory, type MemoryOptions } from './memory.ts';

export interface CpuOptions extends MemoryOptions {
  /** Where spans go, on the lane 'device'. */
  readonly recorder: Recorder;
}

/** A device in this thread. It needs nothing, and so never fails to open. */
export function createCpuDevice(options: CpuOptions): Device {
  return new CpuDevice(options);
}

const info: DeviceInfo = {
  kind: 'cpu',
  label: 'JavaScript, 1 thread',
  software: false,
  adapter: {},
  timestamps: false,
};

class CpuDevice implements Device {
  readonly info = info;
  readonly #recorder: Recorder;
  readonly #memory: CpuMemory;

  constructor(options: CpuOptions) {
    this.#recorder = options.recorder;
    this.#memory = new CpuMemory(options);
  }

  tensor(data: Float32Array, shape: readonly number[]): Tensor {
    checkTensor(data.length, shape);
    return this.#compute('upload', shape, { bytes: data.byteLength }, (y) => y.set(data));
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    const values = this.#memory.valuesOf(tensor);
    return this.#time('readback', { bytes: values.byteLength }, () => new Float32Array(values));
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
    this.#time('upload', { bytes: host.byteLength }, () => values.set(host));
  }

  async sync(): Promise<void> {
    this.#memory.check();
  }

  close(): void {
    this.#memory.close();
  }

  linear(x: Tensor, w: Tensor, b?: Tensor): Tensor {
    const shape = linearShape(x, w, b);
    const { m, k, n } = shape;
    const operands = {
      x: this.#memory.valuesOf(x),
      w: this.#memory.valuesOf(w),
      b: b === undefined ? null : this.#memory.valuesOf(b),
    };
    return this.#compute('linear', [m, n], { flops: 2 * m * k * n }, (y) =>
      linear({ ...operands, y }, shape),
    );
  }

  add(a: Tensor, b: Tensor): Tensor {
    const shape = addShape(a, b);
    const left = this.#memory.valuesOf(a);
    const right = this.#memory.valuesOf(b);
    return this.#compute('add', shape, { flops: a.length }, (y) => {
      for (let start = 0; start < y.length; start += right.length) {
        for (let i = 0; i < right.length; i++) {
          y[start + i] = (left[start + i] as number) + (right[i] as number);
        }
      }
    });
  }

  columns(x: Tensor, start: number, end: number): Tensor {
    const { m, k, n } = columnsShape(x, start, end);
    const values = this.#memory.valuesOf(x);
    return this.#compute('columns', [m, n], {}, (y) => {
      for (let row = 0; row < m; row++) y.set(values.subarray(row * k + start, row * k + end), row * n);
    });
  }

  /** A new tensor of `shape`; `fill` writes all of its values. An empty one is no work, and has no span. */
  #compute(name: string, shape: readonly number[], work: Work, fill: (y: Float32Array) => void): Tensor {
    const tensor = this.#memory.take(shape);
    if (tensor.length > 0) this.#time(name, work, () => fill(tensor.values));
    return tensor;
  }

  #time<T>(name: string, work: Work, run: () => T): T {
    const startMs = now();
    const result = run();
    this.#recorder.add({ lane: 'device', name, startMs, endMs: now(), ...work });
    return result;
  }
}

/** What a span says beside its times. */
interface Work {
  readonly flops?: number;
  readonly bytes?: number;
}
