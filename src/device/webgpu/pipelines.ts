/**
 * One pipeline a kernel, made when first used. `createComputePipeline` returns at once and compiles in the GPU's
 * process, so two uses in a row are one compilation and no operation has to wait for a promise. For four ranks on
 * SwiftShader and two cores, sync and async creation end equally soon: about 1.1 s, for the compilations queue anyhow.
 */

import type { Kernel } from './kernel.ts';

export class Pipelines {
  readonly #gpu: GPUDevice;
  readonly #pipelines = new Map<Kernel, GPUComputePipeline>();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  get(kernel: Kernel): GPUComputePipeline {
    const known = this.#pipelines.get(kernel);
    if (known !== undefined) return known;
    const pipeline = this.#gpu.createComputePipeline(this.#describe(kernel));
    this.#pipelines.set(kernel, pipeline);
    return pipeline;
  }

  /** Has it compiled by the time this settles, while nothing waits. */
  async prepare(kernel: Kernel): Promise<void> {
    if (this.#pipelines.has(kernel)) return;
    this.#pipelines.set(kernel, await this.#gpu.createComputePipelineAsync(this.#describe(kernel)));
  }

  #describe({ name, code, constants }: Kernel): GPUComputePipelineDescriptor {
    const module = this.#gpu.createShaderModule({ label: name, code: code.join('\n') });
    return { label: name, layout: 'auto', compute: { module, entryPoint: name, constants } };
  }
}
