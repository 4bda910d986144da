import type { Device, Tensor } from '../device/device.ts';
import { checkEpsilon, checkSizes } from './checks.ts';
import { Stored } from './stored.ts';
import { all, type Weights } from './weights.ts';

/**
 * y = x / √(mean x² + ε) · w over the last `width` features, or over each group of so many. Not parallel: every rank has
 * the whole weight, and works on what it holds of x.
 */
export class RMSNorm {
  readonly #device: Device;
  readonly #width: number;
  readonly #epsilon: number;
  readonly #stored: Stored;

  /** @throws LabError `input` where the width is none, or ε negative or not finite */
  constructor(device: Device, width: number, epsilon: number) {
    checkSizes('RMSNorm', { width });
    checkEpsilon('RMSNorm', epsilon);
    this.#device = device;
    this.#width = width;
    this.#epsilon = epsilon;
    this.#stored = new Stored(device, 'RMSNorm');
  }

  loadFrom(weights: Weights, name: string): void {
    this.#stored.put('weight', weights.vector(`${name}.weight`, all(this.#width)), [this.#width]);
  }

  /** x `[M, G·width]` → the same shape. */
  forward(x: Tensor): Tensor {
    return this.#device.rmsNorm(x, this.#stored.get('weight'), this.#epsilon);
  }

  free(): void {
    this.#stored.free();
  }
}
