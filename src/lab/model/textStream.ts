/**
 * The text of ids one after another. A token is some bytes, of which a character may need those of several tokens; and some
 * tokenizers put a space before a token or not by what stands before it. So a text is known where two decodings, with and
 * without the new ids, differ.
 */

export type Decode = (ids: readonly number[]) => string;

/** The end of a text, which is decoded anew with the ids that come behind it. */
export interface Tail {
  readonly ids: readonly number[];
  /** How many of them are known; null of ids that were given, of which it is found out. */
  readonly known: number | null;
}

/** Of a character. */
const MOST_BYTES = 4;
/** So many tokens say all about the space before the next one. */
const MOST_BEFORE = 16;

/** Of a text of these ids. */
export function tailOf(ids: readonly number[]): Tail {
  return { ids: ids.slice(-MOST_BEFORE), known: null };
}

export class TextStream {
  readonly #decode: Decode;
  readonly #ids: number[];
  /** What is decoded anew begins here, and up to there it is known. */
  #begin = 0;
  #known: number;

  constructor(decode: Decode, { ids, known }: Tail = tailOf([])) {
    this.#decode = decode;
    this.#ids = [...ids];
    this.#known = known ?? this.#wholeBefore();
  }

  /** The text that this id makes known; empty while a character is not whole. */
  push(id: number): string {
    this.#ids.push(id);
    const text = this.rest;
    if (text.endsWith('\uFFFD')) return '';
    this.#begin = this.#known;
    this.#known = this.#ids.length;
    return text;
  }

  /** What is left if nothing more comes: bytes that never became a character. */
  get rest(): string {
    const before = this.#decode(this.#ids.slice(this.#begin, this.#known));
    return this.#decode(this.#ids.slice(this.#begin)).slice(before.length);
  }

  /** From which another stream goes on as this one would. */
  get tail(): Tail {
    return { ids: this.#ids.slice(this.#begin), known: this.#known - this.#begin };
  }

  /** How many of the ids end with a whole character: the rest of one that was begun is yet to come. */
  #wholeBefore(): number {
    const all = this.#ids.length;
    for (let known = all; known > Math.max(0, all - MOST_BYTES); known--) {
      if (!this.#decode(this.#ids.slice(0, known)).endsWith('\uFFFD')) return known;
    }
    return all;
  }
}

/** All of a text, by ids: each has its own part of it, and the last one what is left. @param before ids behind which it stands */
export function partsOf(decode: Decode, ids: readonly number[], before: readonly number[] = []): string[] {
  const stream = new TextStream(decode, tailOf(before));
  const parts = ids.map((id) => stream.push(id));
  const last = parts.pop();
  return last === undefined ? [] : [...parts, last + stream.rest];
}
