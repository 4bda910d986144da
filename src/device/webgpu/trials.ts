/** Products of any kernel on operands that never leave the GPU: to be compared, and to be timed. */

import differences from '../../../shaders/differences.wgsl?raw';
import { Recorder } from '../../base/trace.ts';
import { uniform } from '../../numerics/random.ts';
import type { LinearShape } from '../../operations/operations.ts';
import type { Variant } from './kernel.ts';
import { GpuQueue } from './queue.ts';
import { remedyFor } from './remedies.ts';

/** Floats that the operands repeat: a prime, so that no two rows of a matrix are alike. */
const PATTERN = 65_521;
/** Of the kernel that compares, whose workgroups step through the elements. */
const WIDTH = 64;
const MOST_WORKGROUPS = 1024;

type LinearVariant = Variant<LinearShape>;

/** A shape with its operands, and a product to be compared with. */
export interface Trial {
  readonly shape: LinearShape;
  readonly x: GPUBuffer;
  readonly w: GPUBuffer;
  readonly b: GPUBuffer;
  readonly y: GPUBuffer;
  readonly expected: GPUBuffer;
}

/** Element `index` of each operand, as the host has it. */
export function operandAt(index: number): number {
  return uniform(1, index % PATTERN);
}

export class Trials {
  readonly #gpu: GPUDevice;
  readonly #recorder = new Recorder(0, { trace: 'all' });
  readonly #queue: GpuQueue;
  readonly #pattern: GPUBuffer;
  #comparing: GPUComputePipeline | null = null;

  /** @param software whether the adapter is emulated on the CPU */
  constructor(gpu: GPUDevice, software: boolean, userAgent: string) {
    this.#gpu = gpu;
    this.#queue = new GpuQueue(gpu, this.#recorder, remedyFor(software, userAgent));
    this.#pattern = this.#queue.memory.take(4 * PATTERN, 'pattern of operands', 'undefined');
    this.#queue.upload(
      this.#pattern,
      Float32Array.from({ length: PATTERN }, (_, i) => operandAt(i)),
      true,
    );
  }

  /** Compiles, while nothing waits. Rejects where that fails. */
  prepare(variant: LinearVariant, shape: LinearShape): Promise<void> {
    return this.#queue.prepare(variant.kernel(shape, 'f32'));
  }

  /** @throws LabError `device` where an operand is longer than the adapter allows; where memory runs out, the first use does */
  open(shape: LinearShape): Trial {
    const { m, k, n } = shape;
    const take = (length: number, name: string): GPUBuffer =>
      this.#queue.memory.take(4 * length, `${name} of a trial`, 'undefined');
    const x = take(m * k, 'x');
    const w = take(n * k, 'w');
    const b = take(n, 'b');
    const encoder = this.#gpu.createCommandEncoder({ label: 'operands of a trial' });
    for (const operand of [x, w, b]) {
      for (let at = 0; at < operand.size; at += this.#pattern.size) {
        const bytes = Math.min(this.#pattern.size, operand.size - at);
        encoder.copyBufferToBuffer(this.#pattern, 0, operand, at, bytes);
      }
    }
    this.#gpu.queue.submit([encoder.finish()]);
    return { shape, x, w, b, y: take(m * n, 'y'), expected: take(m * n, 'expected y') };
  }

  free({ x, w, b, y, expected }: Trial): void {
    for (const buffer of [x, w, b, y, expected]) this.#queue.memory.give(buffer);
  }

  async values(trial: Trial, variant: LinearVariant): Promise<Float32Array> {
    this.#run(trial, variant, trial.y);
    return this.#queue.read(trial.y, (mapped) => new Float32Array(mapped.slice(0)));
  }

  /** Its product is what others are compared with. */
  expect(trial: Trial, variant: LinearVariant): void {
    this.#run(trial, variant, trial.expected);
  }

  /** How many elements have other bits than what is expected. */
  async differing(trial: Trial, variant: LinearVariant): Promise<number> {
    this.#run(trial, variant, trial.y);
    await this.#queue.sync();
    const count = this.#queue.memory.take(4, 'count of differences', 'zeros');
    const pipeline = this.#comparison();
    const encoder = this.#gpu.createCommandEncoder({ label: 'differences' });
    const pass = encoder.beginComputePass({ label: 'differences' });
    const entries = [trial.y, trial.expected, count].map((buffer, binding) => ({
      binding,
      resource: { buffer },
    }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      this.#gpu.createBindGroup({ label: 'differences', layout: pipeline.getBindGroupLayout(0), entries }),
    );
    pass.dispatchWorkgroups(Math.min(MOST_WORKGROUPS, Math.ceil(trial.y.size / 4 / WIDTH)));
    pass.end();
    this.#gpu.queue.submit([encoder.finish()]);
    const found = await this.#queue.read(count, (mapped) => new Uint32Array(mapped)[0]);
    this.#queue.memory.give(count);
    return found ?? 0;
  }

  /** Milliseconds that so many products took, one behind another: by the GPU's clock, where it has one. */
  async time(trial: Trial, variant: LinearVariant, runs: number): Promise<number> {
    await this.#queue.sync();
    this.#recorder.take();
    for (let i = 0; i < runs; i++) this.#run(trial, variant, trial.y);
    await this.#queue.sync();
    const { spans } = this.#recorder.take();
    const [first, last] = [spans[0], spans.at(-1)];
    if (first === undefined || last === undefined) return 0;
    // A single span begins when the host submitted it; of several, each lies as the GPU's clock has it.
    return (first === last ? first.gpuMs : undefined) ?? last.endMs - first.startMs;
  }

  close(): void {
    this.#queue.close();
  }

  #run({ shape, x, w, b }: Trial, variant: LinearVariant, output: GPUBuffer): void {
    const { m, k, n } = shape;
    this.#queue.check();
    this.#queue.run({
      kernel: variant.kernel(shape, 'f32'),
      workgroups: variant.workgroups(shape),
      inputs: [x, w, b],
      sizes: [m, k, n, 1],
      output,
      flops: 2 * m * k * n,
    });
  }

  #comparison(): GPUComputePipeline {
    const label = 'differences';
    this.#comparing ??= this.#gpu.createComputePipeline({
      label,
      layout: 'auto',
      compute: {
        module: this.#gpu.createShaderModule({ label, code: differences }),
        entryPoint: label,
        constants: { WIDTH },
      },
    });
    return this.#comparing;
  }
}
