/**
 * Buffers for reading back. Their memory is shared between two processes and dear to make (in software 16 MiB takes 50 ms
 * and more), so they are kept; and they come in few sizes, since the values of the same tensor come with more or fewer
 * timestamps.
 */

const MIB = 2 ** 20;
/** Kept in all, on each device: two reads of 2048 × 4096 values under way at once. */
const MOST_KEPT_BYTES = 64 * MIB;

export class Staging {
  readonly #gpu: GPUDevice;
  /** The last one given back stands last. */
  #kept: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A buffer of at least `bytes`. */
  take(bytes: number): GPUBuffer {
    const size = bytes > MIB ? MIB * Math.ceil(bytes / MIB) : 2 ** Math.ceil(Math.log2(bytes));
    const kept = this.#kept.find((buffer) => buffer.size === size);
    if (kept !== undefined) {
      this.#kept = this.#kept.filter((buffer) => buffer !== kept);
      return kept;
    }
    return this.#gpu.createBuffer({
      label: 'staging',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** Takes back an unmapped buffer. Where that makes too many, those go that were of use longest ago. */
  give(buffer: GPUBuffer): void {
    this.#kept.push(buffer);
    let bytes = this.#kept.reduce((sum, { size }) => sum + size, 0);
    while (bytes > MOST_KEPT_BYTES) {
      const oldest = this.#kept.shift();
      bytes -= oldest?.size ?? bytes;
      oldest?.destroy();
    }
  }
}
