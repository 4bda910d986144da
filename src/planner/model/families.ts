/**
 * What a `model_type` says of a layer's sizes, beside the numbers of its file: as the modelling code of transformers 4.57
 * has it (`modeling_<type>.py`, `configuration_<type>.py`). Only what makes a weight larger, or a cache smaller.
 */

export interface Traits {
  /** Whether a norm has a bias beside its weight; null: it has neither. */
  readonly normBias: boolean | null;
  /** Norms over the hidden width in a layer. */
  readonly norms: number;
  /** true, false, or the field of the file that says so. */
  readonly qkvBias: boolean | string;
  readonly outBias: boolean | string;
  readonly mlpBias: boolean | string;
  readonly headBias: boolean;
  /** Norms of q and k: one for each width of a head, one a head, or over all heads; or the field that switches those on. */
  readonly qkNorm: 'none' | 'head' | 'heads' | 'full';
  readonly qkNormField: string | null;
  /** gate and up beside down: three matrices, and not two. */
  readonly gated: boolean;
  readonly parallel: boolean;
  readonly tied: boolean;
  /** The files hold the head, though it is the embedding's table. */
  readonly storesTiedHead: boolean;
  /** A learned table of positions, with so many rows more than there are positions; null: none. */
  readonly learnedPositions: number | null;
  /** A number a head that attention leaves its weight to (gpt-oss). */
  readonly sinks: boolean;
  readonly experts: 'none' | 'mixtral' | 'qwen' | 'deepseek' | 'llama4' | 'gpt-oss';
  readonly latent: boolean;
  /** Which layers slide: none, all that `sliding_window` says, those that Qwen's switches name, or all but every nth. */
  readonly window: 'none' | 'all' | 'switched' | { readonly every: number; readonly missing: number };
  /** What transformers takes where a file leaves it out. */
  readonly defaults: Readonly<Record<string, number>>;
}

const LLAMA: Traits = {
  normBias: false,
  norms: 2,
  qkvBias: 'attention_bias',
  outBias: 'attention_bias',
  mlpBias: 'mlp_bias',
  headBias: false,
  qkNorm: 'none',
  qkNormField: null,
  gated: true,
  parallel: false,
  tied: false,
  storesTiedHead: false,
  learnedPositions: null,
  sinks: false,
  experts: 'none',
  latent: false,
  window: 'none',
  defaults: {},
};

const of = (more: Partial<Traits>): Traits => ({ ...LLAMA, ...more });
/** A GPT: LayerNorm, biases everywhere, two matrices. */
const gpt = (more: Partial<Traits>): Traits =>
  of({ normBias: true, qkvBias: true, outBias: true, mlpBias: true, gated: false, ...more });

const QWEN_POSITIONS = { max_position_embeddings: 32_768 };
const QWEN2 = of({ qkvBias: true, outBias: false, window: 'switched', defaults: QWEN_POSITIONS });
const QWEN3 = of({ qkNorm: 'head', window: 'switched', defaults: { ...QWEN_POSITIONS, head_dim: 128 } });
const GEMMA = of({ tied: true, outBias: 'attention_bias', defaults: { head_dim: 256 } });
const GEMMA3 = of({
  tied: true,
  norms: 4,
  qkNorm: 'head',
  window: { every: 6, missing: 4096 },
  defaults: {
    vocab_size: 262_208,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 26,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    max_position_embeddings: 131_072,
  },
});
const DEEPSEEK = of({ latent: true, experts: 'deepseek', defaults: { max_position_embeddings: 4096 } });
const COHERE = of({ norms: 1, parallel: true, tied: true, qkNorm: 'heads', qkNormField: 'use_qk_norm' });

export const TRAITS: ReadonlyMap<string, Traits> = new Map(
  Object.entries<Traits>({
    llama: of({
      defaults: {
        hidden_size: 4096,
        intermediate_size: 11_008,
        num_hidden_layers: 32,
        num_attention_heads: 32,
        vocab_size: 32_000,
        max_position_embeddings: 2048,
      },
    }),
    mistral: of({ window: 'all', defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072 } }),
    ministral: of({ window: 'all' }),
    mixtral: of({
      window: 'all',
      experts: 'mixtral',
      defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072 },
    }),
    smollm3: of({}),
    granite: of({}),
    granitemoe: of({ experts: 'mixtral' }),
    internlm2: of({ qkvBias: 'bias', outBias: 'bias' }),
    internlm3: of({ qkvBias: 'qkv_bias', outBias: 'bias', mlpBias: 'bias' }),
    baichuan: of({ qkvBias: false, outBias: false }),
    minicpm: of({}),
    seed_oss: of({ outBias: 'attention_out_bias', defaults: { head_dim: 128 } }),
    ernie4_5: of({ qkvBias: 'use_bias', outBias: 'use_bias', mlpBias: 'use_bias' }),
    exaone: of({ qkvBias: false, outBias: false, mlpBias: false }),
    hunyuan_v1_dense: of({ qkNorm: 'head' }),
    qwen2: QWEN2,
    qwen2_moe: of({ ...QWEN2, experts: 'qwen' }),
    qwen3: QWEN3,
    qwen3_moe: of({ ...QWEN3, experts: 'qwen', defaults: QWEN_POSITIONS }),
    phi3: of({
      window: 'all',
      qkvBias: false,
      outBias: false,
      defaults: { max_position_embeddings: 4096 },
    }),
    phi: gpt({ norms: 1, parallel: true, headBias: true }),
    gemma: of({ ...GEMMA, norms: 2 }),
    gemma2: of({ ...GEMMA, norms: 4, window: { every: 2, missing: 4096 } }),
    gemma3_text: GEMMA3,
    gpt_oss: of({
      qkvBias: true,
      outBias: true,
      sinks: true,
      experts: 'gpt-oss',
      window: { every: 2, missing: 128 },
      defaults: { head_dim: 64 },
    }),
    glm: of({ qkvBias: 'attention_bias', outBias: false }),
    glm4: of({ norms: 4, qkvBias: 'attention_bias', outBias: false }),
    glm4_moe: of({ outBias: false, experts: 'deepseek', qkNorm: 'head', qkNormField: 'use_qk_norm' }),
    chatglm: of({ qkvBias: 'add_qkv_bias', outBias: false }),
    deepseek_v2: of({ ...DEEPSEEK, defaults: { max_position_embeddings: 2048 } }),
    deepseek_v3: DEEPSEEK,
    deepseek_v32: DEEPSEEK,
    kimi_k2: DEEPSEEK,
    llama4_text: of({ experts: 'llama4', window: { every: 4, missing: 8192 } }),
    cohere: COHERE,
    cohere2: of({ ...COHERE, qkNorm: 'none', qkNormField: null, window: { every: 4, missing: 4096 } }),
    olmo: of({ normBias: null }),
    olmo2: of({ qkNorm: 'full' }),
    olmo3: of({ qkNorm: 'full', window: { every: 4, missing: 4096 } }),
    olmoe: of({ qkNorm: 'full', experts: 'qwen', defaults: { num_experts: 64 } }),
    stablelm: of({ normBias: true, qkvBias: 'use_qkv_bias', outBias: false }),
    starcoder2: gpt({
      qkvBias: 'use_bias',
      outBias: 'use_bias',
      mlpBias: 'use_bias',
      tied: true,
      window: 'all',
    }),
    nemotron: of({ normBias: true, gated: false }),
    falcon: gpt({
      norms: 1,
      parallel: true,
      qkvBias: 'bias',
      outBias: 'bias',
      mlpBias: 'bias',
      tied: true,
      storesTiedHead: true,
      defaults: { max_position_embeddings: 2048 },
    }),
    gptj: gpt({ norms: 1, parallel: true, qkvBias: false, outBias: false, headBias: true }),
    gpt_neox: gpt({ parallel: true }),
    gpt2: gpt({ tied: true, learnedPositions: 0 }),
    gpt_bigcode: gpt({ tied: true, learnedPositions: 0 }),
    opt: gpt({ tied: true, learnedPositions: 2 }),
  }),
);

/** Other names of the same layers: those of decoders inside of a model with images, and of what people retrained. */
const SAME_AS: Readonly<Record<string, string>> = {
  qwen2_vl: 'qwen2',
  qwen2_vl_text: 'qwen2',
  qwen2_5_vl: 'qwen2',
  qwen2_5_vl_text: 'qwen2',
  qwen3_vl_text: 'qwen3',
  qwen3_vl_moe_text: 'qwen3_moe',
  gemma3: 'gemma3_text',
  llama4: 'llama4_text',
  deepseek_v3_2: 'deepseek_v32',
  ministral3: 'mistral',
  phi3small: 'phi3',
  Yi: 'llama',
  yi: 'llama',
};

/** Why a `model_type` is not counted: the part that no attention and MLP stands for. */
const WITHOUT: Readonly<Record<string, string>> = {
  jamba: 'most of its layers are Mamba (state-space layers)',
  mamba: 'its layers are Mamba (state-space layers), and have no attention',
  mamba2: 'its layers are Mamba-2 (state-space layers), and have no attention',
  falcon_mamba: 'its layers are Mamba (state-space layers), and have no attention',
  falcon_h1: 'its layers have a Mamba-2 mixer beside attention',
  bamba: 'most of its layers are Mamba-2 (state-space layers)',
  zamba2: 'most of its layers are Mamba-2 (state-space layers)',
  nemotron_h: 'most of its layers are Mamba-2 (state-space layers)',
  granitemoehybrid: 'most of its layers are Mamba-2 (state-space layers)',
  qwen3_next: 'three of four layers are linear attention (a gated delta rule)',
  minimax: 'seven of eight layers are lightning attention',
  minimax_text_01: 'seven of eight layers are lightning attention',
  recurrent_gemma: 'two of three layers are recurrent (RG-LRU)',
  rwkv: 'its layers are recurrent (RWKV), and have no attention',
  lfm2: 'most of its layers are short convolutions',
  gemma3n: 'it has embeddings in every layer, and layers that share a cache',
  mllama: 'some of its layers attend to the image (cross-attention)',
  mllama_text_model: 'some of its layers attend to the image (cross-attention)',
  t5: 'it is an encoder and a decoder',
  bart: 'it is an encoder and a decoder',
  whisper: 'it is an encoder and a decoder',
  bert: 'it is an encoder, and generates nothing',
};

export function traitsOf(type: string): Traits | null {
  return TRAITS.get(Object.hasOwn(SAME_AS, type) ? (SAME_AS[type] ?? type) : type) ?? null;
}

/** By `architectures[0]`, of a file without `model_type`: "LlamaForCausalLM" is llama, "Qwen2MoeForCausalLM" qwen2_moe. */
export function typeOfArchitecture(architecture: string): string | null {
  const bare = simplified(
    architecture.replace(/(ForCausalLM|LMHeadModel|ForConditionalGeneration|Model)$/, ''),
  );
  const known = [...TRAITS.keys(), ...Object.keys(SAME_AS), ...Object.keys(WITHOUT)];
  return known.find((type) => simplified(type) === bare || simplified(type) === `${bare}text`) ?? null;
}

export function whyNotCounted(type: string): string | null {
  return Object.hasOwn(WITHOUT, type) ? (WITHOUT[type] ?? null) : null;
}

function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
