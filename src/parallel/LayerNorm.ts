import type { Device, Tensor } from '../device/device.ts';
import { checkEpsilon, checkSizes } from './checks.ts';
import { Stored } from './stored.ts';
import { all, type Weights } from './weights.ts';

/** y = (x − mean) / √(variance + ε) · w + b over each row. Not parallel: every rank has the whole weight and bias. */
export class LayerNorm {
  readonly #device: Device;
  readonly #width: number;
  readonly #epsilon: number;
  readonly #stored: Stored;

  /** @throws LabError `input` where the width is none, or ε negative or not finite */
  constructor(device: Device, width: number, epsilon: number) {
    checkSizes('LayerNorm', { width });
    checkEpsilon('LayerNorm', epsilon);
    this.#device = device;
    this.#width = width;
    this.#epsilon = epsilon;
    this.#stored = new Stored(device, 'LayerNorm');
  }

  loadFrom(weights: Weights, name: string): void {
    for (const part of ['weight', 'bias']) {
      this.#stored.put(part, weights.vector(`${name}.${part}`, all(this.#width)), [this.#width]);
    }
  }

  /** x `[M, width]` → the same shape. */
  forward(x: Tensor): Tensor {
    return this.#device.layerNorm(x, this.#stored.get('weight'), this.#stored.get('bias'), this.#epsilon);
  }

  free(): void {
    this.#stored.free();
  }
}
