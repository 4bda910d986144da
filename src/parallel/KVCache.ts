import { LabError } from '../base/errors.ts';
import { checkSizes } from '../program/checks.ts';

/** Which rows of a rank's cache count: those of the tokens that it has seen. The rows themselves never leave their rank. */
export class KVCache {
  readonly #capacity: number;
  #length = 0;

  /** @param capacity the longest sequence; infinite where nothing is kept */
  constructor(capacity: number) {
    if (capacity !== Number.POSITIVE_INFINITY) checkSizes('KVCache', { capacity }, 0);
    this.#capacity = capacity;
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

  /** Counts tokens whose rows were written. */
  advance(count: number): void {
    this.#length += count;
  }

  /** Forgets the tokens from `length` on: 0 begins a new sequence. */
  truncate(length: number): void {
    checkSizes('KVCache', { length }, 0);
    this.#length = Math.min(this.#length, length);
  }
}
