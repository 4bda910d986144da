/**
 * The queue of one GPUDevice: runs kernels, uploads, reads back, and tells the trace what was observed.
 * It knows buffers and kernels, not tensors.
 *
 * What lies between two waits is one compute pass of one submit: on an H200 in Chromium a dispatch inside a pass
 * costs 5 µs, in a pass of its own 7, in a submit of its own 30, and with four ranks 129.
 */

import { now, type Recorder } from '../../base/trace.ts';
import type { StoredArray } from '../../numerics/tensorData.ts';
import { BindGroups } from './bindGroups.ts';
import { Failures } from './failures.ts';
import { type Abilities, abilitiesOf, type Dispatch, type Kernel, type KernelRun } from './kernel.ts';
import { type ComputePass, layOut, layOutUploads, type PendingOp, type Upload } from './layOut.ts';
import { inMiB, TensorMemory } from './memory.ts';
import { Pipelines } from './pipelines.ts';
import { hurried, type Remedy } from './remedies.ts';
import { Sizes } from './sizes.ts';
import { Staging } from './staging.ts';
import { readTimes, Timestamps } from './timestamps.ts';

/**
 * What is longer is staged here where it is written again and again: for each writeBuffer a browser makes memory of its own,
 * in software up to 200 ms for 16 MiB in place of 15, and on an H200 10 to 12 ms in place of 5.
 */
const LEAST_STAGED_BYTES = 2 ** 20;

export class GpuQueue {
  readonly memory: TensorMemory;
  readonly #gpu: GPUDevice;
  readonly #recorder: Recorder;
  readonly #failures: Failures;
  readonly #reading: Staging;
  readonly #writing: Staging;
  readonly #pipelines: Pipelines;
  readonly #bindGroups: BindGroups;
  readonly #sizes: Sizes;
  readonly #timestamps: Timestamps | null;
  readonly #remedy: Remedy | null;
  /** Being written: dispatches that are not submitted. */
  #open: OpenPass | null = null;
  /** Submitted since the last wait. */
  #pending: ComputePass[] = [];
  #uploads: Upload[] = [];

  /** @param remedy against a browser that looks late whether the GPU is done */
  constructor(gpu: GPUDevice, recorder: Recorder, remedy: Remedy | null) {
    this.#gpu = gpu;
    this.#recorder = recorder;
    this.memory = new TensorMemory(gpu);
    this.#reading = new Staging(gpu, 'read');
    this.#writing = new Staging(gpu, 'write');
    this.#failures = new Failures(gpu, () => `Its tensors hold ${inMiB(this.memory.usedBytes)}.`);
    this.#pipelines = new Pipelines(gpu);
    this.#bindGroups = new BindGroups(gpu);
    this.#sizes = new Sizes(gpu, () => this.#submit());
    this.#timestamps = Timestamps.of(gpu);
    this.#remedy = remedy;
  }

  /** What a workgroup may have. */
  get abilities(): Abilities {
    return abilitiesOf(this.#gpu);
  }

  /** Compiles a kernel ahead of its first use, beside whatever runs. Rejects where it does not compile. */
  prepare(kernel: Kernel): Promise<void> {
    return this.#pipelines.prepare(kernel);
  }

  /** Throws what went wrong so far. Every operation begins with it. */
  check(): void {
    this.#failures.check();
  }

  /** @param second reads what the first writes; both are one operation */
  run(first: Dispatch, second?: KernelRun): void {
    const startMs = now();
    const sizes = this.#sizes.get(first.sizes, first.scalars); // may submit what is open
    this.#open ??= this.#begin();
    const { pass, ops } = this.#open;
    this.#encode(pass, first, sizes);
    if (second !== undefined) this.#encode(pass, second, sizes);
    ops.push({ op: first.kernel.name, variant: first.variant, startMs, flops: first.flops });
    if (ops.length === LONGEST_PASS) this.#submit();
  }

  #encode(
    pass: GPUComputePassEncoder,
    { kernel, inputs, output, workgroups }: KernelRun,
    sizes: GPUBuffer,
  ): void {
    const pipeline = this.#pipelines.get(kernel);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#bindGroups.get(pipeline, [...inputs, output, sizes]));
    pass.dispatchWorkgroups(...workgroups);
  }

  /**
   * Copies `data`, whole words, which may lie in shared memory, to `buffer`.
   * @param fresh nothing has used the buffer yet, so that it need not wait for what is being written
   */
  upload(buffer: GPUBuffer, data: StoredArray, fresh: boolean): void {
    if (!fresh) this.#submit();
    const startMs = now();
    const staging = fresh || data.byteLength < LEAST_STAGED_BYTES ? null : this.#takeMapped(data.byteLength);
    if (staging === null) this.#gpu.queue.writeBuffer(buffer, 0, data);
    else this.#writeThrough(staging, buffer, data);
    this.#uploads.push({ startMs, endMs: now(), bytes: data.byteLength });
  }

  /** Null where there is no memory to map: writeBuffer cuts what it is given into pieces. */
  #takeMapped(bytes: number): GPUBuffer | null {
    try {
      return this.#writing.take(bytes);
    } catch (thrown) {
      if (thrown instanceof RangeError) return null;
      throw thrown;
    }
  }

  /** As writeBuffer, by a buffer that is kept, and is mapped again once the copy is made. */
  #writeThrough(staging: GPUBuffer, buffer: GPUBuffer, data: StoredArray): void {
    const { buffer: memory, byteOffset, byteLength } = data;
    new Uint8Array(staging.getMappedRange(0, byteLength)).set(new Uint8Array(memory, byteOffset, byteLength));
    staging.unmap();
    const encoder = this.#gpu.createCommandEncoder({ label: 'upload' });
    encoder.copyBufferToBuffer(staging, 0, buffer, 0, byteLength);
    this.#gpu.queue.submit([encoder.finish()]);
    const giveBack = (): void => this.#writing.give(staging);
    // Nobody waits for it. It fails where the device is gone, which all else says.
    staging.mapAsync(GPUMapMode.WRITE).then(giveBack, () => {});
  }

  /** Waits until all that was submitted has run. */
  async sync(): Promise<void> {
    await this.#collect(null, () => {});
  }

  /** `take` gets the bytes, in memory that is gone when it returns. */
  read<T>(source: GPUBuffer, take: (mapped: ArrayBuffer) => T): Promise<T> {
    return this.#collect(source, take);
  }

  /** Frees all memory of the device. Waits under way, and all operations from now on, throw LabError 'closed'. */
  close(): void {
    this.#failures.close();
    this.#gpu.destroy();
  }

  /**
   * Waits for all pending operations, closes their spans, and maps `source` for `take`. When this settles, no map and
   * no other promise of it is pending, so that the rank may block its thread, if nobody waits for what it reads next.
   */
  async #collect<T>(source: GPUBuffer | null, take: (mapped: ArrayBuffer) => T): Promise<T> {
    this.check();
    this.#submit();
    const passes = this.#pending;
    const uploads = this.#uploads;
    this.#pending = [];
    this.#uploads = [];
    const startMs = now();
    const opsDone = this.#gpu.queue.onSubmittedWorkDone().then(now);

    // Values and timestamps come home in one buffer.
    const valueBytes = source?.size ?? 0;
    const timesAt = Math.ceil(valueBytes / 8) * 8; // where a mapped range may start
    const timeBytes = this.#timestamps?.take() ?? 0;
    const staging = valueBytes + timeBytes > 0 ? this.#reading.take(timesAt + timeBytes) : null;
    if (staging !== null) {
      const encoder = this.#gpu.createCommandEncoder({ label: 'readback' });
      if (source !== null) encoder.copyBufferToBuffer(source, 0, staging, 0, valueBytes);
      if (timeBytes > 0) this.#timestamps?.copyTo(staging, timesAt, timeBytes, encoder);
      this.#gpu.queue.submit([encoder.finish()]);
    }
    const mapped = staging?.mapAsync(GPUMapMode.READ, 0, timesAt + timeBytes);
    const done = Promise.all([opsDone, mapped]);
    const watched = this.#failures.watch(done);
    const [opsEndMs] = await (this.#remedy === null ? watched : hurried(watched, this.#gpu, this.#remedy));

    try {
      const times =
        staging !== null && timeBytes > 0 ? readTimes(staging.getMappedRange(timesAt, timeBytes)) : null;
      const uploadsAlone = passes.length === 0 && source === null;
      for (const span of layOutUploads(uploads, uploadsAlone ? opsEndMs : null)) this.#recorder.add(span);
      for (const span of layOut(passes, times, opsEndMs)) this.#recorder.add(span);
      return take(staging?.getMappedRange(0, valueBytes) ?? new ArrayBuffer());
    } finally {
      staging?.unmap();
      if (staging !== null) this.#reading.give(staging);
      // From when the values were there to be copied, not from when somebody began to wait for them.
      const readyMs = passes.length > 0 ? opsEndMs : startMs;
      if (source !== null) {
        this.#recorder.add({
          kind: 'readback',
          startMs: readyMs,
          endMs: now(),
          bytes: valueBytes,
        });
      }
    }
  }

  #begin(): OpenPass {
    const encoder = this.#gpu.createCommandEncoder({ label: 'pass' });
    const pass = encoder.beginComputePass({ label: 'pass', ...this.#timestamps?.next() });
    return { encoder, pass, ops: [] };
  }

  /** Hands over what is being written, and lets go of the buffers that only it still used. */
  #submit(): void {
    if (this.#open !== null) {
      const { encoder, pass, ops } = this.#open;
      this.#open = null;
      pass.end();
      this.#gpu.queue.submit([encoder.finish()]);
      const [first, ...others] = ops;
      if (first !== undefined) this.#pending.push([first, ...others]);
    }
    this.memory.destroyDropped();
  }
}

interface OpenPass {
  readonly encoder: GPUCommandEncoder;
  readonly pass: GPUComputePassEncoder;
  readonly ops: PendingOp[];
}

/** Then the GPU begins, while the host goes on writing. */
const LONGEST_PASS = 64;
