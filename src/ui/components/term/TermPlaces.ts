import type { TermId } from './glossary.ts';

interface Text {
  readonly terms: readonly TermId[];
  /** Whether it defines them whatever stands elsewhere. */
  readonly insists: boolean;
}

/**
 * Which text of a page defines each term: the first that has it, and once that is gone, another. Texts are told of when
 * they are on the page: what React draws and throws away, as where something is still being loaded, must take no term.
 */
export class TermPlaces {
  readonly #texts = new Map<string, Text>();
  readonly #owners = new Map<TermId, string>();
  readonly #listeners = new Set<() => void>();

  /** A text that is there, by its id, in place of what it was; its place among the others stays. */
  put(id: string, text: Text): void {
    this.#texts.set(id, text);
    this.#share();
  }

  /** The text is gone. */
  remove(id: string): void {
    if (this.#texts.delete(id)) this.#share();
  }

  /** The terms that the text is to define, separated by “,”: equal where nothing has changed. */
  termsOf(id: string): string {
    const terms = this.#texts.get(id)?.terms ?? [];
    return terms.filter((term) => this.#owners.get(term) === id).join(',');
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #share(): void {
    this.#owners.clear();
    for (const insisting of [true, false]) {
      for (const [id, { terms, insists }] of this.#texts) {
        if (insists !== insisting) continue;
        for (const term of terms) if (!this.#owners.has(term)) this.#owners.set(term, id);
      }
    }
    for (const listener of this.#listeners) listener();
  }
}
