/** Uniform buffers by content: the same few sizes come again on every pass, and then nothing is uploaded. */

/** Past this many a new size starts the cache anew. A position that grows with each token would fill it without end. */
const capacity = 512;

export class Sizes {
  readonly #gpu: GPUDevice;
  readonly #buffers = new Map<string, GPUBuffer>();

  readonly #submit: () => void;

  /** @param submit hands over whatever uses the buffers */
  constructor(gpu: GPUDevice, submit: () => void) {
    this.#gpu = gpu;
    this.#submit = submit;
  }

  /** A uniform buffer with these u32 values, and f32 values behind. Use it at once, and not again. */
  get(sizes: readonly number[], scalars: readonly number[] = []): GPUBuffer {
    const label = ['sizes', ...sizes, ...scalars.map((value) => `${value}f`)].join(' ');
    const known = this.#buffers.get(label);
    if (known !== undefined) return known;
    if (this.#buffers.size === capacity) {
      this.#submit();
      for (const buffer of this.#buffers.values()) buffer.destroy(); // after what was submitted, says the specification
      this.#buffers.clear();
    }
    const buffer = this.#gpu.createBuffer({
      label,
      size: 4 * (sizes.length + scalars.length),
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    const mapped = buffer.getMappedRange();
    new Uint32Array(mapped, 0, sizes.length).set(sizes);
    new Float32Array(mapped, 4 * sizes.length).set(scalars);
    buffer.unmap();
    this.#buffers.set(label, buffer);
    return buffer;
  }
}
