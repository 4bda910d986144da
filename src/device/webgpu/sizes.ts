/** Uniform buffers by content: the same few sizes come again on every pass, and then nothing is uploaded. */

/** Past this many a new size starts the cache anew. A position that grows with each token would fill it without end. */
const capacity = 512;

export class Sizes {
  readonly #gpu: GPUDevice;
  readonly #buffers = new Map<string, GPUBuffer>();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A uniform buffer with these u32 values. Use it in the next submission, and not after. */
  get(values: readonly number[]): GPUBuffer {
    const label = `sizes ${values.join(' ')}`;
    const known = this.#buffers.get(label);
    if (known !== undefined) return known;
    if (this.#buffers.size === capacity) {
      for (const buffer of this.#buffers.values()) buffer.destroy(); // after what was submitted, says the specification
      this.#buffers.clear();
    }
    const data = new Uint32Array(values);
    const buffer = this.#gpu.createBuffer({
      label,
      size: data.byteLength,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Uint32Array(buffer.getMappedRange()).set(data);
    buffer.unmap();
    this.#buffers.set(label, buffer);
    return buffer;
  }
}
