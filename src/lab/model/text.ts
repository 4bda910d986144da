/** Between text and tokens: a model's tokenizer and chat template. For a worker: openTextAway() has it done there. */

import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { LabError, sentenceOf } from '../../base/errors.ts';
import type { Json, ModelFolder } from './folder.ts';
import { type Decode, partsOf, type Tail, TextStream } from './textStream.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A token of a text, with its own part of it; the part may be empty, where a character is not whole yet. */
export interface TextToken {
  readonly id: number;
  readonly text: string;
}

/** What ids make of a text that goes on with them. */
export interface Followed {
  /** By id, what of the text is known by it. */
  readonly parts: readonly string[];
  /** What is left if nothing more comes. */
  readonly rest: string;
  /** Behind which the next ids stand. */
  readonly tail: Tail;
  /** By id of the others, what it is as far as it is text by itself. */
  readonly alone: readonly string[];
}

/** It keeps nothing of any text: what is said of one cannot get into another. */
export interface TextModel {
  /** As the model's own tokenizer begins a text. */
  encode(text: string): TextToken[];
  /**
   * A talk, up to where the answer begins.
   * @throws LabError `input` where the model has no template, or that refuses these messages
   */
  encodeChat(messages: readonly Message[]): TextToken[];
  /** The text of ids, each with its own part of it. @param before the ids behind which they stand */
  parts(ids: readonly number[], before?: readonly number[]): string[];
  /** Goes on with a text, of which more is to come. @param others ids that stand for themselves */
  follow(tail: Tail, ids: readonly number[], others: readonly number[]): Followed;
}

/** What of a model's folder is about its text. */
export type TextFiles = Pick<ModelFolder, 'tokenizer' | 'tokenizerConfig' | 'chatTemplate'>;

/** @throws LabError `input` where the tokenizer, or the template, is of a kind that is not known */
export function openText({ tokenizer: bytes, tokenizerConfig: config, chatTemplate }: TextFiles): TextModel {
  const template = chatTemplate === null ? null : openTemplate(chatTemplate, config);
  const tokenizer = readable('tokenizer.json', () => {
    const json: object = JSON.parse(new TextDecoder().decode(bytes));
    return new Tokenizer(json, config);
  });
  const bos =
    config['add_bos_token'] === true
      ? tokenizer.token_to_id(contentOf(config['bos_token']) ?? '')
      : undefined;
  const decode: Decode = (ids) =>
    ids.length === 0
      ? ''
      : tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  const tokensOf = (ids: readonly number[]): TextToken[] => {
    const parts = partsOf(decode, ids);
    return ids.map((id, i) => ({ id, text: parts[i] ?? '' }));
  };
  return {
    encode(text) {
      const { ids } = tokenizer.encode(text);
      return tokensOf(bos === undefined || ids[0] === bos ? ids : [bos, ...ids]);
    },
    encodeChat(messages) {
      if (template === null)
        throw new LabError('input', 'This model has no chat template: give it a text to go on with.');
      return tokensOf(tokenizer.encode(template(messages), { add_special_tokens: false }).ids);
    },
    parts: (ids, before) => partsOf(decode, ids, before),
    follow(tail, ids, others) {
      const stream = new TextStream(decode, tail);
      const parts = ids.map((id) => stream.push(id));
      return { parts, rest: stream.rest, tail: stream.tail, alone: others.map((id) => decode([id])) };
    },
  };
}

function openTemplate(text: string, config: Json): (messages: readonly Message[]) => string {
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
