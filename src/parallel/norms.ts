/** Norms: not parallel. Every rank has the whole weight, and works on what it holds of x. */

import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';
import { scope } from '../device/scope.ts';
import { checkEpsilon, checkSizes } from '../program/checks.ts';
import type { Weights } from './weights.ts';

class Norm {
  protected readonly device: Device;
  readonly #width: number;
  readonly #parts: readonly string[];
  #tensors: readonly Tensor[] = [];

  constructor(device: Device, width: number, parts: readonly string[]) {
    this.device = device;
    this.#width = width;
    this.#parts = parts;
  }

  /** Fetches `name.weight`, and `name.bias` where there is one. */
  async loadFrom(weights: Weights, name: string): Promise<void> {
    const all = { start: 0, end: this.#width };
    const data: Float32Array[] = [];
    for (const part of this.#parts) data.push(await weights.block(`${name}.${part}`, all, null));
    this.free();
    this.#tensors = scope(this.device, (own) =>
      data.map((values) => own(this.device.tensor(values, [this.#width]))),
    );
  }

  /** Gives its weight and bias back to the device. */
  free(): void {
    this.device.free(...this.#tensors);
    this.#tensors = [];
  }

  protected part(index: number): Tensor {
    const tensor = this.#tensors[index];
    if (tensor !== undefined) return tensor;
    throw new LabError('input', `The norm has no ${this.#parts[index]} yet. Call loadFrom() first.`);
  }
}

/** y = x / √(mean x² + ε) · w over the last `width` features, or over each group of so many. */
export class RMSNorm extends Norm {
  readonly #epsilon: number;

  /** @throws LabError `input` where the width is none, or ε negative or not finite */
  constructor(device: Device, width: number, epsilon: number) {
    checkSizes('RMSNorm', { width });
    checkEpsilon('RMSNorm', epsilon);
    super(device, width, ['weight']);
    this.#epsilon = epsilon;
  }

  /** x `[M, G·width]` → the same shape. */
  forward(x: Tensor): Tensor {
    return this.device.rmsNorm(x, this.part(0), this.#epsilon);
  }
}

/** y = (x − mean) / √(variance + ε) · w + b over each row. */
export class LayerNorm extends Norm {
  readonly #epsilon: number;

  /** @throws LabError `input` where the width is none, or ε negative or not finite */
  constructor(device: Device, width: number, epsilon: number) {
    checkSizes('LayerNorm', { width });
    checkEpsilon('LayerNorm', epsilon);
    super(device, width, ['weight', 'bias']);
    this.#epsilon = epsilon;
  }

  /** x `[M, width]` → the same shape. */
  forward(x: Tensor): Tensor {
    return this.device.layerNorm(x, this.part(0), this.part(1), this.#epsilon);
  }
}
