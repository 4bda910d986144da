/** What PyTorch made of the embedded model, greedily: see tools/golden_models.py. For tests that run in Node. */

import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { parseSafetensors } from '../src/checkpoint/safetensors.ts';

export interface StoriesReference {
  readonly prompt: string;
  /** The text of the first `count` tokens behind it. */
  readonly text: string;
  readonly count: number;
}

/** @param most tokens; all that there are where left out */
export function storiesReference(most = Number.POSITIVE_INFINITY): StoriesReference {
  const { metadata } = parseSafetensors(new Uint8Array(read('golden/model-stories.safetensors')).buffer);
  const ids = (name: string): number[] => JSON.parse(metadata[name] ?? '[]');
  const json = (file: string): object => JSON.parse(read(`../public/models/stories/${file}`).toString());
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const decoded = (of: number[]): string => tokenizer.decode(of, { skip_special_tokens: true });
  const tokens = ids('tokens').slice(0, most);
  return { prompt: decoded(ids('prompt')), text: decoded(tokens), count: tokens.length };
}

function read(path: string): Buffer {
  return readFileSync(new URL(path, import.meta.url));
}
