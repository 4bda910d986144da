/**
 * Buffers for reading back. Their memory is shared between two processes and dear to make, so they are kept; and they
 * come in powers of two, since the values of the same tensor come with more or fewer timestamps.
 */

/** A longer one goes back at once: 16 MiB is 2048 × 2048 values. */
const maxKeptBytes = 16 * 2 ** 20;
/** Of a size: as many as reads are under way at once in a layer. */
const maxKept = 2;

export class Staging {
  readonly #gpu: GPUDevice;
  readonly #kept = new Map<number, GPUBuffer[]>();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A buffer of at least `bytes`. */
  take(bytes: number): GPUBuffer {
    const size = bytes > maxKeptBytes ? bytes : 2 ** Math.ceil(Math.log2(bytes));
    return (
      this.#kept.get(size)?.pop() ??
      this.#gpu.createBuffer({
        label: 'staging',
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      })
    );
  }

  /** Takes back an unmapped buffer. */
  give(buffer: GPUBuffer): void {
    const kept = this.#kept.get(buffer.size) ?? [];
    if (buffer.size > maxKeptBytes || kept.length === maxKept) {
      buffer.destroy();
      return;
    }
    kept.push(buffer);
    this.#kept.set(buffer.size, kept);
  }
}
