/**
 * Buffers through which values come from the GPU and go back. Their memory is shared between two processes and dear to
 * make, so they are kept; and they come in few sizes, since the values of the same tensor come with more or fewer
 * timestamps.
 */

const MIB = 2 ** 20;
/** Kept in all, of a device in one direction: two tensors of 2048 × 4096 values under way at once. */
const MOST_KEPT_BYTES = 64 * MIB;

export class Staging {
  readonly #gpu: GPUDevice;
  readonly #direction: 'read' | 'write';
  /** The last one given back stands last. */
  #kept: GPUBuffer[] = [];

  constructor(gpu: GPUDevice, direction: 'read' | 'write') {
    this.#gpu = gpu;
    this.#direction = direction;
  }

  /**
   * A buffer of at least `bytes`: to read, one to copy to and to be mapped; to write, a mapped one.
   * @throws RangeError where there is no memory to map
   */
  take(bytes: number): GPUBuffer {
    const size = bytes > MIB ? MIB * Math.ceil(bytes / MIB) : 2 ** Math.ceil(Math.log2(bytes));
    const kept = this.#kept.find((buffer) => buffer.size === size);
    if (kept !== undefined) {
      this.#kept = this.#kept.filter((buffer) => buffer !== kept);
      return kept;
    }
    const { MAP_READ, COPY_DST, MAP_WRITE, COPY_SRC } = GPUBufferUsage;
    const usage = this.#direction === 'read' ? MAP_READ | COPY_DST : MAP_WRITE | COPY_SRC;
    return this.#gpu.createBuffer({
      label: 'staging',
      size,
      usage,
      mappedAtCreation: this.#direction === 'write',
    });
  }

  /** Takes back a buffer in the state in which take() gives it. Where that makes too many, those go that were of use longest ago. */
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
