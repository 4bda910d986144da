/** The architectures whose every layer has a plan, by their names in transformers, and how each file is read. */

import type { BlockConfig } from '../../program/configs.ts';
import type { IndexerConfig } from '../../program/modelConfig.ts';
import { type AttentionDefaults, readAttention, readIndexer, readMla } from './attention.ts';
import type { Fields } from './Fields.ts';
import { readDeepSeekExperts, readMixtralExperts, readMlp, readQwen3Experts } from './mlp.ts';

export interface Family {
  readonly modelType: string;
  /** Where the file has no `rms_norm_eps` or `max_position_embeddings`. */
  readonly epsilon: number;
  readonly positions: number;
  /** How many tokens the attention of block `layer` sees, the newest its last; null where it sees all. */
  readonly window: (fields: Fields, layer: number) => number | null;
  readonly attention: (fields: Fields) => BlockConfig['attention'];
  /** The second half of block `layer`. */
  readonly mlp: (fields: Fields, layer: number) => BlockConfig['mlp'];
  readonly indexer?: (fields: Fields) => IndexerConfig;
}

const LLAMA: AttentionDefaults = {
  kvHeads: null,
  headDim: null,
  theta: 10_000,
  epsilon: 1e-6,
  qkvBias: false,
  qkNorm: false,
};

function attentionOf(defaults: Partial<AttentionDefaults>): Family['attention'] {
  return (fields) => readAttention(fields, { ...LLAMA, ...defaults });
}

function dense(fields: Fields): BlockConfig['mlp'] {
  return readMlp(fields, false);
}

function deepSeek(version: 2 | 3, reduce: 'each' | 'once'): Family['mlp'] {
  return (fields, layer) => {
    const sparse =
      !fields.isNull('n_routed_experts') &&
      layer >= fields.whole('first_k_dense_replace', version === 3 ? 3 : 0) &&
      layer % fields.count('moe_layer_freq', 1) === 0;
    return sparse ? readDeepSeekExperts(fields, version, reduce) : dense(fields);
  };
}

function noWindow(): null {
  return null;
}

function readWindow(fields: Fields, missing: number | null): number | null {
  if (fields.has('sliding_window')) return fields.count('sliding_window');
  return fields.isNull('sliding_window') ? null : missing;
}

/** The same in every layer. @param missing what a file without the field means; null means no window in all of them */
function slidingWindow(missing: number | null): Family['window'] {
  return (fields) => readWindow(fields, missing);
}

/** Qwen: off unless switched on. */
function switchedWindow(fields: Fields): number | null {
  return fields.flag('use_sliding_window', false) ? readWindow(fields, 4096) : null;
}

/** Qwen's dense models: and then only in the layers that are listed, or from `max_window_layers` on. */
function upperWindow(fields: Fields, layer: number): number | null {
  const types = fields.list('layer_types');
  const slides =
    types.length > 0 ? types[layer] === 'sliding_attention' : layer >= fields.whole('max_window_layers', 28);
  return slides ? switchedWindow(fields) : null;
}

function qwen3Moe(fields: Fields, layer: number): BlockConfig['mlp'] {
  const step = fields.count('decoder_sparse_step', 1);
  const sparse = !fields.list('mlp_only_layers').includes(layer) && (layer + 1) % step === 0;
  return sparse ? readQwen3Experts(fields) : dense(fields);
}

/** Defaults are those of the configuration classes in transformers 4.57. */
export const FAMILIES: ReadonlyMap<string, Family> = new Map(
  Object.entries<Family>({
    LlamaForCausalLM: {
      modelType: 'llama',
      epsilon: 1e-6,
      positions: 2048,
      window: noWindow,
      attention: attentionOf({}),
      mlp: dense,
    },
    MistralForCausalLM: {
      modelType: 'mistral',
      epsilon: 1e-6,
      positions: 131_072,
      window: slidingWindow(4096),
      attention: attentionOf({ kvHeads: 8 }),
      mlp: dense,
    },
    Qwen2ForCausalLM: {
      modelType: 'qwen2',
      epsilon: 1e-6,
      positions: 32_768,
      window: upperWindow,
      attention: attentionOf({ kvHeads: 32, qkvBias: true }),
      mlp: dense,
    },
    Qwen3ForCausalLM: {
      modelType: 'qwen3',
      epsilon: 1e-6,
      positions: 32_768,
      window: upperWindow,
      attention: attentionOf({ kvHeads: 32, headDim: 128, qkNorm: true }),
      mlp: dense,
    },
    Phi3ForCausalLM: {
      modelType: 'phi3',
      epsilon: 1e-5,
      positions: 4096,
      window: slidingWindow(null),
      attention: attentionOf({ epsilon: 1e-5 }),
      mlp: (fields) => readMlp(fields, true),
    },
    MixtralForCausalLM: {
      modelType: 'mixtral',
      epsilon: 1e-5,
      positions: 131_072,
      window: slidingWindow(null),
      attention: attentionOf({ kvHeads: 8, theta: 1e6, epsilon: 1e-5 }),
      mlp: readMixtralExperts,
    },
    Qwen3MoeForCausalLM: {
      modelType: 'qwen3_moe',
      epsilon: 1e-6,
      positions: 32_768,
      window: switchedWindow,
      attention: attentionOf({ kvHeads: 4, qkNorm: true }),
      mlp: qwen3Moe,
    },
    DeepseekV2ForCausalLM: {
      modelType: 'deepseek_v2',
      epsilon: 1e-6,
      positions: 2048,
      window: noWindow,
      attention: readMla,
      mlp: deepSeek(2, 'each'),
    },
    DeepseekV3ForCausalLM: {
      modelType: 'deepseek_v3',
      epsilon: 1e-6,
      positions: 4096,
      window: noWindow,
      attention: readMla,
      mlp: deepSeek(3, 'each'),
    },
    DeepseekV32ForCausalLM: {
      modelType: 'deepseek_v32',
      epsilon: 1e-6,
      positions: 4096,
      window: noWindow,
      attention: readMla,
      mlp: deepSeek(3, 'once'),
      indexer: readIndexer,
    },
  }),
);

/** Architectures that people paste and that have no plan, and why; by the `model_type` of each too. */
export const WITHOUT_PLAN: ReadonlyMap<string, string> = new Map(
  [
    ['GPT2LMHeadModel', 'gpt2', 'it learns its positions and its norms have biases'],
    ['Qwen2MoeForCausalLM', 'qwen2_moe', 'its shared expert has a gate of its own'],
    ['OlmoeForCausalLM', 'olmoe', 'its norms of q and k go over all heads at once'],
    ['GemmaForCausalLM', 'gemma', 'its MLP is gated by GELU and its embeddings are scaled'],
    ['Gemma2ForCausalLM', 'gemma2', 'its MLP is gated by GELU and its logits are capped'],
    ['Gemma3ForCausalLM', 'gemma3_text', 'its MLP is gated by GELU and most of its layers see a window only'],
    ['GptOssForCausalLM', 'gpt_oss', 'its attention has sinks and its experts have biases'],
  ].flatMap(([architecture = '', type = '', why = '']) => [
    [architecture, why],
    [type, why],
  ]),
);
