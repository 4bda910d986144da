/** Between text and tokens: a model's tokenizer and chat template, each loaded when a model is. */

import type { Tokenizer } from '@huggingface/tokenizers';
import { LabError, sentenceOf } from '../../base/errors.ts';
import type { Json, ModelFolder } from './folder.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface TextModel {
  /** As the model's own tokenizer begins a text. */
  encode(text: string): number[];
  /**
   * A talk, up to where the answer begins.
   * @throws LabError `input` where the model has no template, or that refuses these messages
   */
  encodeChat(messages: readonly Message[]): number[];
  /** Of ids one after another, the text as it becomes known. @param before the ids behind which they stand */
  stream(before?: readonly number[]): TextStream;
  /** What a token is, as far as it is text by itself. */
  textOf(id: number): string;
}

/** @throws LabError `input` where the tokenizer, or the template, is of a kind that is not known */
export async function openText(folder: ModelFolder): Promise<TextModel> {
  const { tokenizer: text, tokenizerConfig: config, chatTemplate } = folder;
  const [{ Tokenizer }, template] = await Promise.all([
    import('@huggingface/tokenizers'),
    chatTemplate === null ? null : openTemplate(chatTemplate, config),
  ]);
  const tokenizer = readable('tokenizer.json', () => new Tokenizer(JSON.parse(text), config));
  const bos =
    config['add_bos_token'] === true
      ? tokenizer.token_to_id(contentOf(config['bos_token']) ?? '')
      : undefined;
  return {
    encode(text) {
      const { ids } = tokenizer.encode(text);
      return bos === undefined || ids[0] === bos ? ids : [bos, ...ids];
    },
    encodeChat(messages) {
      if (template === null)
        throw new LabError('input', 'This model has no chat template: give it a text to go on with.');
      return tokenizer.encode(template(messages), { add_special_tokens: false }).ids;
    },
    stream: (before) => new TextStream((ids) => decoded(tokenizer, ids), before),
    textOf: (id) => decoded(tokenizer, [id]),
  };
}

/** Of a character. */
const MOST_BYTES = 4;
/** So many tokens say all about the space before the next one. */
const MOST_BEFORE = 16;

/**
 * A token is some bytes, of which a character may need those of several tokens; and some tokenizers put a space before a
 * token or not by what stands before it. So a text is known where two decodings, with and without the new ids, differ.
 */
export class TextStream {
  readonly #decode: (ids: readonly number[]) => string;
  readonly #ids: number[];
  /** What is decoded anew begins here, and up to there it is known. */
  #begin = 0;
  #known: number;

  constructor(decode: (ids: readonly number[]) => string, before: readonly number[] = []) {
    this.#decode = decode;
    this.#ids = before.slice(-MOST_BEFORE);
    this.#known = this.#wholeBefore();
  }

  /** The text that this id makes known; empty while a character is not whole. */
  push(id: number): string {
    this.#ids.push(id);
    const text = this.#new();
    if (text.endsWith('\uFFFD')) return '';
    this.#begin = this.#known;
    this.#known = this.#ids.length;
    return text;
  }

  /** What is left in the end: bytes that never became a character. */
  end(): string {
    const text = this.#new();
    this.#known = this.#ids.length;
    return text;
  }

  /** How many of the ids end with a whole character: the rest of one that was begun is yet to come. */
  #wholeBefore(): number {
    const all = this.#ids.length;
    for (let known = all; known > Math.max(0, all - MOST_BYTES); known--) {
      if (!this.#decode(this.#ids.slice(0, known)).endsWith('\uFFFD')) return known;
    }
    return all;
  }

  #new(): string {
    const before = this.#decode(this.#ids.slice(this.#begin, this.#known));
    return this.#decode(this.#ids.slice(this.#begin)).slice(before.length);
  }
}

function decoded(tokenizer: Tokenizer, ids: readonly number[]): string {
  if (ids.length === 0) return '';
  return tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
}

async function openTemplate(text: string, config: Json): Promise<(messages: readonly Message[]) => string> {
  const { Template } = await import('@huggingface/jinja');
  const template = readable('The chat template', () => new Template(text));
  const specials = Object.entries(config).flatMap(([name, token]) => {
    const content = name.endsWith('_token') ? contentOf(token) : null;
    return content === null ? [] : [[name, content] as const];
  });
  return (messages) =>
    readable('The chat template', () =>
      template.render({
        ...Object.fromEntries(specials),
        messages: [...messages],
        add_generation_prompt: true,
      }),
    );
}

/** Of a special token, which is a text, or an object with more about it. */
function contentOf(token: unknown): string | null {
  const content = typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
  return typeof content === 'string' ? content : null;
}

function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new LabError('input', `${what} cannot be used: ${sentenceOf(cause)}`, { cause });
  }
}
