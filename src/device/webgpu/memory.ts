/**
 * The memory of tensors. Nothing is pooled: a buffer that is made and destroyed for each operation costs no measurable
 * time (200 additions of 64×2048: equal within noise, of 8×512: 10 %), and the browser clears it, so that no values of
 * an earlier tensor can show through.
 */

import { LabError } from '../../base/errors.ts';
import { longestTensor } from './adapter.ts';

export class TensorMemory {
  readonly #gpu: GPUDevice;
  readonly #maxBytes: number;
  #usedBytes = 0;
  /** Given back, and perhaps used by what is not submitted. */
  #given: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
    this.#maxBytes = longestTensor(gpu);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * A buffer of `bytes`, a multiple of 4 above 0. Where memory runs out, the error scopes tell (failures.ts).
   * @throws LabError 'device' where it is longer than the adapter allows.
   */
  take(bytes: number, label: string): GPUBuffer {
    if (bytes > this.#maxBytes) {
      throw new LabError(
        'device',
        `A ${label} needs a buffer of ${inMiB(bytes)}, and this adapter allows ${inMiB(this.#maxBytes)}. ` +
          'Use a smaller matrix, or more ranks so that each holds less.',
      );
    }
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    this.#usedBytes += bytes;
    return this.#gpu.createBuffer({ label, size: bytes, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Takes back a buffer. What is being written may use it: its memory goes once that is submitted and has run. */
  give(buffer: GPUBuffer): void {
    this.#usedBytes -= buffer.size;
    this.#given.push(buffer);
  }

  /** Called when all that uses the buffers is submitted: it may still run, says the specification. */
  destroyGiven(): void {
    for (const buffer of this.#given.splice(0)) buffer.destroy();
  }
}

/** "1.5 MiB". */
export function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}
