/**
 * Ends a text before the first of some words that is complete, though it arrive in pieces: what may be the beginning of one
 * is held back.
 */
export class StopWords {
  readonly #words: readonly string[];
  #held = '';

  /** @param words empty ones are left out */
  constructor(words: readonly string[]) {
    this.#words = words.filter((word) => word !== '');
  }

  /** The text that is certain by now, and whether a word has ended it; then nothing more may come. */
  push(text: string): { readonly text: string; readonly ended: boolean } {
    const all = this.#held + text;
    const [found] = this.#words
      .map((word) => ({ start: all.indexOf(word), end: all.indexOf(word) + word.length }))
      .filter(({ start }) => start >= 0)
      .sort((a, b) => a.end - b.end || a.start - b.start);
    if (found !== undefined) {
      this.#held = '';
      return { text: all.slice(0, found.start), ended: true };
    }
    let end = all.length;
    const longest = Math.max(0, ...this.#words.map((word) => word.length - 1));
    for (let start = Math.max(0, all.length - longest); start < end; start++) {
      if (this.#words.some((word) => word.startsWith(all.slice(start)))) end = start;
    }
    this.#held = all.slice(end);
    return { text: all.slice(0, end), ended: false };
  }

  /** What was held back in vain. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
