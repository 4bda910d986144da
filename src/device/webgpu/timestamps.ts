/** Asks the GPU when each operation began and ended, where the adapter can tell. */

import type { GpuTime } from './layOut.ts';

/** Operations between two waits that get a time; each takes two queries of at most 4096 in a set. */
const capacity = 1024;
const bytesPerOp = 16; // two u64

export class Timestamps {
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  #used = 0;

  /** Null where the adapter has no timestamps. */
  static of(gpu: GPUDevice): Timestamps | null {
    return gpu.features.has('timestamp-query') ? new Timestamps(gpu) : null;
  }

  constructor(gpu: GPUDevice) {
    const label = 'timestamps';
    this.#queries = gpu.createQuerySet({ label, type: 'timestamp', count: 2 * capacity });
    this.#resolved = gpu.createBuffer({
      label,
      size: capacity * bytesPerOp,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
  }

  /** For the compute pass of the next operation. */
  next(): { timestampWrites?: GPUComputePassTimestampWrites } {
    const op = this.#used++;
    if (op >= capacity) return {};
    return {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 2 * op,
        endOfPassWriteIndex: 2 * op + 1,
      },
    };
  }

  /**
   * Starts anew. Gives the bytes of the times of all operations since the last call, for {@link copyTo}: 0 where there
   * were more operations than queries, and so no telling.
   */
  take(): number {
    const used = this.#used;
    this.#used = 0;
    return used > capacity ? 0 : used * bytesPerOp;
  }

  /** Copies what {@link take} announced into `buffer`. */
  copyTo(buffer: GPUBuffer, offset: number, bytes: number, encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.#queries, 0, bytes / 8, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, buffer, offset, bytes);
  }
}

/** What {@link Timestamps.copyTo} wrote. */
export function readTimes(mapped: ArrayBuffer): GpuTime[] {
  const values = new BigUint64Array(mapped);
  return Array.from({ length: values.length / 2 }, (_, op) => ({
    begin: values[2 * op] ?? 0n,
    end: values[2 * op + 1] ?? 0n,
  }));
}
