/**
 * The memory of tensors. To make a buffer costs little, but the first touch of its memory, page by page, costs much: on
 * SwiftShader an all_gather of 4 MiB on four ranks of one device takes 53 ms, and 120 to 145 where each result is in memory
 * of its own. So what tensors gave back is kept for the next of that length, and a pass that is run again makes nothing
 * anew.
 */

import { LabError } from '../../base/errors.ts';
import { longestTensor } from './adapter.ts';

/** Kept on each device for those to come: a result of 4096 × 4096. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

export class TensorMemory {
  readonly #gpu: GPUDevice;
  readonly #maxBytes: number;
  #usedBytes = 0;
  /** Given back, the last one last. Commands on their way may use them: those that come later wait for them. */
  #kept: GPUBuffer[] = [];
  #keptBytes = 0;
  /** Too much to be kept, and perhaps used by what is not submitted. */
  #dropped: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
    this.#maxBytes = longestTensor(gpu);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * A buffer of `bytes`, a multiple of 4 above 0. Where memory runs out, the error scopes tell (failures.ts).
   * @param contents of `zeros` the browser makes sure, in new memory; `undefined` ones may be any tensor's
   * @throws LabError 'device' where it is longer than the adapter allows.
   */
  take(bytes: number, label: string, contents: 'zeros' | 'undefined'): GPUBuffer {
    if (bytes > this.#maxBytes) {
      throw new LabError(
        'device',
        `A ${label} needs a buffer of ${inMiB(bytes)}, and this adapter allows ${inMiB(this.#maxBytes)}. ` +
          'Use a smaller matrix, or more ranks so that each holds less.',
      );
    }
    this.#usedBytes += bytes;
    const kept = contents === 'zeros' ? -1 : this.#kept.findLastIndex(({ size }) => size === bytes);
    const [buffer] = kept < 0 ? [] : this.#kept.splice(kept, 1);
    if (buffer !== undefined) {
      this.#keptBytes -= bytes;
      return buffer;
    }
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    return this.#gpu.createBuffer({ label, size: bytes, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Takes back a buffer. Where that makes too many, those go that were of use longest ago. */
  give(buffer: GPUBuffer): void {
    this.#usedBytes -= buffer.size;
    this.#kept.push(buffer);
    this.#keptBytes += buffer.size;
    while (this.#keptBytes > MOST_KEPT_BYTES) {
      const oldest = this.#kept.shift();
      if (oldest === undefined) return;
      this.#keptBytes -= oldest.size;
      this.#dropped.push(oldest);
    }
  }

  /** Called when all that uses the buffers is submitted: it may still run, says the specification. */
  destroyDropped(): void {
    for (const buffer of this.#dropped.splice(0)) buffer.destroy();
  }
}

/** "1.5 MiB". */
export function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}
