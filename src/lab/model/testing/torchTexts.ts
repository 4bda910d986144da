/** What the Model page may ask of PyTorch: runs whose text is to be Python, whatever is in them. */

import { parseHfConfig } from '../../../models/hfConfig.ts';
import type { Sampling } from '../../../sampling/sampling.ts';
import { grown, tokenOf, turnOf } from '../conversation.ts';
import { DEFAULT_PARAMS, type ModelParams } from '../params.ts';
import type { ModelState, Turn } from '../state.ts';
import { torchText } from '../torchText.ts';

/** Awkward in a string of Python, and in a comment. */
export const AWKWARD = 'a "quoted" \\ word\n\tand \u2028 🦜 # {x}';

export const SAMPLED: Sampling = {
  temperature: 2,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: -3,
};

const config = {
  architectures: ['MixtralForCausalLM'],
  model_type: 'mixtral',
  vocab_size: 64,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  num_local_experts: 4,
  num_experts_per_tok: 2,
  max_position_embeddings: 64,
};

/** Of a model with 4 key/value heads, and experts of 48 columns. */
export const FOLDER = {
  model: parseHfConfig(JSON.stringify(config), 'mixture'),
  sampling: SAMPLED,
  chatTemplate: null,
} as unknown as NonNullable<ModelState['folder']>;
export const TALKING = { ...FOLDER, chatTemplate: '{{ messages }}' };

/** A turn in which this was answered. */
export function answered(prompt: string, answer: string, patch: Partial<Turn> = {}): Turn {
  const tokens = [...answer].map((letter) => tokenOf(letter.charCodeAt(0), letter));
  const [turn = turnOf(prompt, [])] = grown([turnOf(prompt, [])], tokens);
  return { ...turn, ...patch };
}

export function textOfRun(
  params: Partial<ModelParams> = {},
  rest: Partial<Pick<ModelState, 'folder' | 'turns'>> = {},
): string {
  return torchText({ params: { ...DEFAULT_PARAMS, ...params }, folder: FOLDER, turns: [], ...rest });
}

/** One of each kind. */
export const TEXTS: readonly string[] = [
  textOfRun({ prompt: AWKWARD, stopWords: [AWKWARD, 'end'], ranks: 3 }),
  textOfRun({ model: `https://models.example/${AWKWARD}/`, weights: 'q8' }),
  textOfRun({ model: 'https://huggingface.co/a/b/tree/v2', sampling: { temperature: 0 } }),
  textOfRun({}, { folder: TALKING, turns: [answered(AWKWARD, AWKWARD), answered('and then?', '')] }),
  textOfRun({}, { folder: null }),
];
