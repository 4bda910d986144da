/** The attention of a config.json: grouped-query attention of the Llama family, and DeepSeek's latent attention. */

import type { AttentionConfig, MlaConfig } from '../../program/configs.ts';
import type { IndexerConfig } from '../../program/modelConfig.ts';
import type { Fields } from './Fields.ts';
import { readRope } from './rope.ts';

/** What transformers takes where a file of this family has nothing. */
export interface AttentionDefaults {
  /** Null: as many as query heads. */
  readonly kvHeads: number | null;
  /** Null: hidden_size / num_attention_heads. */
  readonly headDim: number | null;
  readonly theta: number;
  readonly epsilon: number;
  readonly qkvBias: boolean;
  readonly qkNorm: boolean;
}

/** @throws LabError 'input' where the heads do not fit each other, or a part of them cannot be planned */
export function readAttention(
  fields: Fields,
  defaults: AttentionDefaults,
): { kind: 'attention' } & AttentionConfig {
  refuseOutputBias(fields);
  const hidden = fields.count('hidden_size');
  const heads = fields.count('num_attention_heads');
  const kvHeads = fields.isNull('num_key_value_heads')
    ? heads
    : fields.count('num_key_value_heads', defaults.kvHeads ?? heads);
  if (heads % kvHeads !== 0) {
    throw fields.wrong('num_key_value_heads', `a number that divides the ${heads} query heads`);
  }
  const wide = (fields.isNull('head_dim') ? null : defaults.headDim) ?? hidden / heads;
  if (!fields.has('head_dim') && !Number.isInteger(wide)) {
    throw fields.wrong('num_attention_heads', `a number that divides hidden_size ${hidden}, or a head_dim`);
  }
  const headDim = fields.count('head_dim', wide);
  if (headDim % 2 !== 0) {
    throw fields.wrong(fields.has('head_dim') ? 'head_dim' : 'hidden_size', 'heads of even width, for RoPE');
  }
  const { qkvBias, qkNorm, theta, epsilon } = defaults;
  const rope = readRope(fields, theta);
  const normEpsilon = fields.positive('rms_norm_eps', epsilon);
  return { kind: 'attention', hidden, heads, kvHeads, headDim, rope, qkvBias, qkNorm, normEpsilon };
}

/**
 * DeepSeek-V2 and V3, with the latent cache that DeepSeek's own code and vLLM keep. In V3.2 too it is over all tokens,
 * where it really is over those that the indexer chooses.
 *
 * @throws LabError 'input'
 */
export function readMla(fields: Fields): { kind: 'mla' } & MlaConfig {
  refuseOutputBias(fields);
  const ropeDim = fields.count('qk_rope_head_dim');
  if (ropeDim % 2 !== 0) throw fields.wrong('qk_rope_head_dim', 'an even number');
  return {
    kind: 'mla',
    hidden: fields.count('hidden_size'),
    heads: fields.count('num_attention_heads'),
    qLoraRank: fields.isNull('q_lora_rank') ? 0 : fields.whole('q_lora_rank', 1536),
    kvLoraRank: fields.count('kv_lora_rank'),
    nopeDim: fields.count('qk_nope_head_dim'),
    ropeDim,
    valueDim: fields.count('v_head_dim'),
    rope: readRope(fields, 10_000, true),
    normEpsilon: fields.positive('rms_norm_eps', 1e-6),
    cache: 'absorbed',
  };
}

/** DeepSeek-V3.2's. */
export function readIndexer(fields: Fields): IndexerConfig {
  return {
    heads: fields.count('index_n_heads', 64),
    headDim: fields.count('index_head_dim', 128),
    topK: fields.count('index_topk', 2048),
  };
}

/** In these families the switch adds a bias to the row split as well. */
function refuseOutputBias(fields: Fields): void {
  if (fields.flag('attention_bias', false)) {
    throw fields.wrong('attention_bias', 'false: attention whose output has a bias cannot be planned');
  }
}
