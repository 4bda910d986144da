/** Tensors that a layer keeps between its passes: made by load(), gone with free(). */

import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';

export class Stored {
  readonly #device: Device;
  readonly #layer: string;
  readonly #tensors = new Map<string, Tensor>();

  /** @param layer whose name an error gives */
  constructor(device: Device, layer: string) {
    this.#device = device;
    this.#layer = layer;
  }

  /** Uploads `data`, in place of what had the name before. */
  put(name: string, data: Float32Array, shape: readonly number[]): void {
    this.#replace(name, this.#device.tensor(data, shape));
  }

  /** Allocates without an upload. */
  allocate(name: string, shape: readonly number[]): void {
    this.#replace(name, this.#device.zeros(shape));
  }

  /** @throws LabError `input` where load() was not called */
  get(name: string): Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor !== undefined) return tensor;
    throw new LabError('input', `${this.#layer} has no ${name} yet. Call load() first.`);
  }

  free(): void {
    this.#device.free(...this.#tensors.values());
    this.#tensors.clear();
  }

  #replace(name: string, tensor: Tensor): void {
    const before = this.#tensors.get(name);
    if (before !== undefined) this.#device.free(before);
    this.#tensors.set(name, tensor);
  }
}
