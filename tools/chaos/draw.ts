/** Seeded choices: a case is a function of the seed and its number, so that one line brings it back. */

import { hash32 } from '../../src/numerics/random.ts';

export class Draw {
  readonly #seed: number;
  #count = 0;

  /** @param number of the case, or of what is drawn apart from the rest */
  constructor(seed: number, number: number) {
    this.#seed = hash32(seed, number);
  }

  /** A whole number from 0 up to but without `limit`. */
  below(limit: number): number {
    return hash32(this.#seed, this.#count++) % limit;
  }

  chance(probability: number): boolean {
    return this.below(1 << 20) < probability * (1 << 20);
  }

  pick<T>(list: readonly T[]): T {
    const index = this.below(list.length);
    if (index >= list.length) throw new Error('There is nothing to pick from.');
    return list[index] as T;
  }

  /** One of the indices 0 to `count` − 1 without these. */
  other(count: number, ...without: readonly number[]): number {
    return this.pick(Array.from({ length: count }, (_, index) => index).filter((i) => !without.includes(i)));
  }
}
