import type { TermId } from './glossary.ts';

/**
 * Which text of a page defines each term: the first that has it, and once that is gone, another. To claim twice changes
 * nothing, so that it may be done while rendering.
 */
export class TermPlaces {
  readonly #owners = new Map<TermId, string>();
  readonly #listeners = new Set<() => void>();
  #released = 0;

  /** Whether the text `own` is to define the term: where nobody does, it is. */
  claim(term: TermId, own: string): boolean {
    const owner = this.#owners.get(term) ?? own;
    this.#owners.set(term, owner);
    return owner === own;
  }

  /** For a text that defines these terms whatever stands elsewhere, and no others. */
  take(terms: readonly TermId[], own: string): void {
    for (const [term, owner] of this.#owners) if (owner === own) this.#owners.delete(term);
    for (const term of terms) this.#owners.set(term, own);
  }

  /** The text is gone. */
  release(own: string): void {
    const before = this.#owners.size;
    this.take([], own);
    if (this.#owners.size === before) return;
    this.#released++;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Grows whenever terms have become free. */
  readonly released = (): number => this.#released;
}
