/**
 * The all_reduces of a pass that are begun and not there yet. One is begun where it stands in the program, and waited for
 * where its sum is read: a GPU works on what stands between while the rank's thread is in the ring. Its values are asked
 * for at once, so that the map of a later sum may be pending while the thread is blocked. No rank waits for that one then:
 * all make their sums in the order of the program.
 */

import { operandsOf, type Step, type Value } from '../program/program.ts';

export class SumsUnderway {
  /** By what they will be, in the order in which they are made. */
  readonly #begun = new Map<Value, Promise<void>>();

  /** @param make the sum, once those before it are there */
  begin(output: Value, make: (after: Promise<void> | undefined) => Promise<void>): void {
    const after = this.#begun.size === 0 ? undefined : [...this.#begun.values()].at(-1);
    const sum = this.#made(output, make(after));
    sum.catch(() => {}); // whoever waits for it is told
    this.#begun.set(output, sum);
  }

  async #made(output: Value, made: Promise<void>): Promise<void> {
    try {
      await made;
    } finally {
      this.#begun.delete(output);
    }
  }

  /**
   * Waits for the sums that a step reads; another collective takes its turn behind all of them. Undefined where there is
   * nothing to wait for.
   */
  before(step: Step): Promise<unknown> | undefined {
    if (this.#begun.size === 0) return undefined;
    if (step.kind === 'collective' && step.collective !== 'all_reduce') return this.all();
    return this.of(operandsOf(step));
  }

  /** Waits for those of these values that are such sums. Undefined where there are none. */
  of(values: readonly Value[]): Promise<unknown> | undefined {
    if (this.#begun.size === 0) return undefined;
    const sums = values.flatMap((value) => this.#begun.get(value) ?? []);
    return sums.length === 0 ? undefined : Promise.all(sums);
  }

  /** Waits for all of them. Undefined where there are none. */
  all(): Promise<unknown> | undefined {
    return this.#begun.size === 0 ? undefined : Promise.all(this.#begun.values());
  }

  /** Waits until none writes any more to what it was given. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#begun.values());
  }
}
