/** The weights of one layer, by the parts that its family and its file give it. */

import type { Fields } from '../../models/hf/Fields.ts';
import type { Traits } from './families.ts';
import type { AttentionShape, Cut, Weight } from './parts.ts';

export type Unstored = Omit<Weight, 'bytes'>;

/** The first of these fields that the file has, for families give the same number other names. */
export function anyCount(fields: Fields, names: readonly string[], fallback?: number): number {
  const name = names.find((one) => fields.has(one)) ?? names[0] ?? '';
  return fields.count(name, fallback);
}

export const NAMES = {
  hidden: ['hidden_size', 'n_embd', 'd_model'],
  heads: ['num_attention_heads', 'n_head', 'n_heads'],
  layers: ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'],
  inner: ['intermediate_size', 'ffn_hidden_size', 'n_inner', 'ffn_dim'],
  kvHeads: ['num_key_value_heads', 'num_kv_heads', 'n_head_kv', 'multi_query_group_num'],
  vocab: ['padded_vocab_size', 'vocab_size'],
  positions: ['max_position_embeddings', 'n_positions', 'max_seq_len', 'seq_length', 'model_max_length'],
} as const;

export function matrix(module: string, out: number, inner: number, cut: Cut, copies = 1): Unstored {
  return { module, out, in: inner, copies, cut, kind: 'matrix' };
}

export function vector(module: string, length: number, cut: Cut = 'copied', copies = 1): Unstored {
  return { module, out: length, in: 1, copies, cut, kind: 'vector' };
}

function isOn(fields: Fields, flag: boolean | string, missing = false): boolean {
  return typeof flag === 'boolean' ? flag : fields.flag(flag, missing);
}

export function norm(module: string, width: number, { normBias }: Traits): Unstored[] {
  if (normBias === null) return [];
  return [vector(module, width), ...(normBias ? [vector(`${module}.bias`, width)] : [])];
}

/** @throws LabError 'input' where the heads do not fit each other */
export function attentionShape(fields: Fields, type: string, traits: Traits): AttentionShape {
  const heads = anyCount(fields, NAMES.heads);
  if (traits.latent) {
    const ropeDim = fields.count('qk_rope_head_dim');
    return {
      kind: 'latent',
      heads,
      latent: fields.count('kv_lora_rank') + ropeDim,
      headDim: fields.count('qk_nope_head_dim') + ropeDim,
    };
  }
  const kvHeads = kvHeadsOf(fields, type, heads);
  if (heads % kvHeads !== 0) {
    throw fields.wrong('num_key_value_heads', `a number that divides the ${heads} query heads`);
  }
  const hidden = anyCount(fields, NAMES.hidden);
  const named = ['head_dim', 'kv_channels', 'attention_head_dim'].find((name) => fields.has(name));
  const wide = named === undefined ? hidden / heads : fields.count(named);
  if (!Number.isInteger(wide)) {
    throw fields.wrong('num_attention_heads', `a number that divides hidden_size ${hidden}, or a head_dim`);
  }
  return { kind: 'heads', heads, kvHeads, headDim: wide };
}

function kvHeadsOf(fields: Fields, type: string, heads: number): number {
  if (type === 'falcon' && !fields.flag('new_decoder_architecture', false)) {
    return fields.flag('multi_query', true) ? 1 : heads;
  }
  if (type === 'gpt_bigcode') return fields.flag('multi_query', true) ? 1 : heads;
  return anyCount(fields, NAMES.kvHeads, heads);
}

export function attentionWeights(fields: Fields, traits: Traits, shape: AttentionShape): Unstored[] {
  const hidden = anyCount(fields, NAMES.hidden);
  if (shape.kind === 'latent') return latentWeights(fields, hidden, shape.heads);
  const { heads, kvHeads, headDim } = shape;
  const [query, key] = [heads * headDim, kvHeads * headDim];
  const at = (name: string): string => `self_attn.${name}`;
  const biased = isOn(fields, traits.qkvBias);
  const normed = traits.qkNormField === null || fields.flag(traits.qkNormField, false);
  return [
    matrix(at('q_proj'), query, hidden, 'even'),
    matrix(at('k_proj'), key, hidden, 'kv'),
    matrix(at('v_proj'), key, hidden, 'kv'),
    matrix(at('o_proj'), hidden, query, 'even'),
    ...(biased
      ? [
          vector(at('q_proj.bias'), query, 'even'),
          vector(at('k_proj.bias'), key, 'kv'),
          vector(at('v_proj.bias'), key, 'kv'),
        ]
      : []),
    ...(isOn(fields, traits.outBias) ? [vector(at('o_proj.bias'), hidden)] : []),
    ...(normed ? headNorms(traits, shape) : []),
    ...(traits.sinks ? [vector(at('sinks'), heads, 'even')] : []),
  ];
}

function headNorms(
  { qkNorm }: Traits,
  { heads, kvHeads, headDim }: Extract<AttentionShape, { kind: 'heads' }>,
): Unstored[] {
  switch (qkNorm) {
    case 'none':
      return [];
    case 'head':
      return [vector('self_attn.q_norm', headDim), vector('self_attn.k_norm', headDim)];
    case 'heads':
    case 'full':
      return [
        vector('self_attn.q_norm', heads * headDim, 'even'),
        vector('self_attn.k_norm', kvHeads * headDim, 'kv'),
      ];
    default:
      return qkNorm satisfies never;
  }
}

/** DeepSeek-V2 and later: q and the cache come through narrow vectors, which every rank has. V3.2 adds its indexer. */
function latentWeights(fields: Fields, hidden: number, heads: number): Unstored[] {
  const [nope, rope, value] = [
    fields.count('qk_nope_head_dim'),
    fields.count('qk_rope_head_dim'),
    fields.count('v_head_dim'),
  ];
  const narrow = fields.isNull('q_lora_rank') ? 0 : fields.whole('q_lora_rank', 1536);
  const latent = fields.count('kv_lora_rank');
  const at = (name: string): string => `self_attn.${name}`;
  const queries =
    narrow === 0
      ? [matrix(at('q_proj'), heads * (nope + rope), hidden, 'even')]
      : [
          matrix(at('q_a_proj'), narrow, hidden, 'copied'),
          vector(at('q_a_layernorm'), narrow),
          matrix(at('q_b_proj'), heads * (nope + rope), narrow, 'even'),
        ];
  const indexed = fields.has('index_topk') || fields.has('index_n_heads');
  const [scorers, width] = indexed
    ? [fields.count('index_n_heads', 64), fields.count('index_head_dim', 128)]
    : [0, 0];
  return [
    ...queries,
    matrix(at('kv_a_proj_with_mqa'), latent + rope, hidden, 'copied'),
    vector(at('kv_a_layernorm'), latent),
    matrix(at('kv_b_proj'), heads * (nope + value), latent, 'even'),
    matrix(at('o_proj'), hidden, heads * value, 'even'),
    ...(indexed
      ? [
          matrix(at('indexer.wq_b'), scorers * width, narrow, 'copied'),
          matrix(at('indexer.wk'), width, hidden, 'copied'),
          vector(at('indexer.k_norm'), 2 * width),
          matrix(at('indexer.weights_proj'), scorers, hidden, 'copied'),
        ]
      : []),
  ];
}

/** gate and up, or up alone, and down. */
export function mlpWeights(
  fields: Fields,
  traits: Traits,
  inner: number,
  at = 'mlp',
  forced?: boolean,
): Unstored[] {
  const hidden = anyCount(fields, NAMES.hidden);
  const biased = forced ?? isOn(fields, traits.mlpBias);
  const ups = traits.gated ? ['gate_proj', 'up_proj'] : ['up_proj'];
  return [
    ...ups.map((name) => matrix(`${at}.${name}`, inner, hidden, 'even')),
    matrix(`${at}.down_proj`, hidden, inner, 'even'),
    ...(biased
      ? [
          ...ups.map((name) => vector(`${at}.${name}.bias`, inner, 'even')),
          vector(`${at}.down_proj.bias`, hidden),
        ]
      : []),
  ];
}
