/** The weight and bias that one rank holds of a linear layer, on its device. Both splits are made of it. */

import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';

export class LinearShard {
  readonly #device: Device;
  readonly #out: number;
  readonly #in: number;
  readonly #hasBias: boolean;
  #weight: Tensor | null = null;
  #bias: Tensor | null = null;

  /** @param out rows and @param inFeatures columns of the shard, either may be 0 */
  constructor(device: Device, out: number, inFeatures: number, bias: boolean) {
    this.#device = device;
    this.#out = out;
    this.#in = inFeatures;
    this.#hasBias = bias;
  }

  /** @throws LabError `input` where a length is wrong, or a bias is missing or not wanted. */
  load(weight: Float32Array, bias?: Float32Array): void {
    checkLength('weight shard', weight, [this.#out, this.#in]);
    if ((bias !== undefined) !== this.#hasBias) {
      throw new LabError(
        'input',
        `The layer was made ${this.#hasBias ? 'with' : 'without'} bias; load() got ${bias ? 'one' : 'none'}.`,
      );
    }
    if (bias !== undefined) checkLength('bias shard', bias, [this.#out]);
    this.free();
    this.#weight = this.#device.tensor(weight, [this.#out, this.#in]);
    this.#bias = bias === undefined ? null : this.#device.tensor(bias, [this.#out]);
  }

  /** x `[M, in]` → `[M, out]`. */
  apply(x: Tensor, { withBias }: { withBias: boolean }): Tensor {
    if (this.#weight === null)
      throw new LabError('input', 'The layer has no weights yet. Call load() first.');
    const width = x.shape[1] ?? 0;
    if (x.shape.length !== 2 || width !== this.#in) {
      throw new LabError(
        'input',
        `The layer got x [${x.shape.join(', ')}]; this rank's shard needs [M, ${this.#in}].`,
      );
    }
    return withBias && this.#bias !== null
      ? this.#device.linear(x, this.#weight, this.#bias)
      : this.#device.linear(x, this.#weight);
  }

  /** y `[M, out]` → y + b, or `y` itself without a bias. */
  addBias(y: Tensor): Tensor {
    return this.#bias === null ? y : this.#device.add(y, this.#bias);
  }

  free(): void {
    if (this.#weight !== null) this.#device.free(this.#weight);
    if (this.#bias !== null) this.#device.free(this.#bias);
    this.#weight = null;
    this.#bias = null;
  }
}

/** @throws LabError `input` unless `data` has exactly the elements of `shape`. */
export function checkLength(name: string, data: Float32Array, shape: readonly number[]): void {
  const needed = shape.reduce((product, size) => product * size, 1);
  if (data.length === needed) return;
  throw new LabError(
    'input',
    `The ${name} has ${data.length} elements; it needs [${shape.join(', ')}], which is ${needed}.`,
  );
}
