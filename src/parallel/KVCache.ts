import { LabError } from '../base/errors.ts';
import type { Device, Tensor } from '../device/device.ts';
import { checkSizes } from './checks.ts';

/** Rows of earlier tokens, one tensor for each name. It never leaves its rank. */
export class KVCache {
  readonly #device: Device;
  readonly #capacity: number;
  readonly #tensors: readonly Tensor[];
  #length = 0;

  /** @param widths columns of each tensor @param capacity rows: the longest sequence */
  constructor(device: Device, capacity: number, widths: readonly number[]) {
    checkSizes('KVCache', { capacity }, 0);
    this.#device = device;
    this.#capacity = capacity;
    this.#tensors = widths.map((width) => device.zeros([capacity, width]));
  }

  /** Tokens that are there, which is the position of the next one. */
  get length(): number {
    return this.#length;
  }

  /**
   * Layers ask before they begin, so that what they refuse costs nothing.
   * @throws LabError `input` where `count` more tokens are more than it can hold
   */
  checkRoom(count: number): void {
    if (this.#length + count <= this.#capacity) return;
    throw new LabError(
      'input',
      `The cache holds ${this.#capacity} tokens; ${this.#length} are there, and ${count} more do not fit.`,
    );
  }

  /**
   * Appends the rows of a token each: one tensor `[T, width]` for each of the cache's.
   * @returns the cache's tensors, whose first `length` rows count
   * @throws LabError `input` where they are more than it can hold
   */
  append(...rows: readonly Tensor[]): readonly Tensor[] {
    const count = rows[0]?.shape[0] ?? 0;
    this.checkRoom(count);
    for (const [i, tensor] of this.#tensors.entries()) {
      const row = rows[i];
      if (row !== undefined) this.#device.writeRows(tensor, row, this.#length);
    }
    this.#length += count;
    return this.#tensors;
  }

  /** Forgets the tokens from `length` on: 0 begins a new sequence. */
  truncate(length: number): void {
    checkSizes('KVCache', { length }, 0);
    this.#length = Math.min(this.#length, length);
  }

  free(): void {
    this.#device.free(...this.#tensors);
  }
}
