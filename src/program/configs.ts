/** What the layers are made of: the numbers of a model's configuration that say what a layer computes. */

/** A column split followed by a row split, nothing between. */
export interface LinearPairConfig {
  readonly hidden: number;
  readonly intermediate: number;
  readonly bias: boolean;
  /** Blocks of rows in which the row split is multiplied and summed; one where left out. */
  readonly blocks?: number;
}

export interface VocabConfig {
  readonly vocab: number;
  readonly hidden: number;
  /** The vocabulary is rounded up to a multiple of this, then of p; Megatron takes 128·p, vLLM 64. Default 1: no padding. */
  readonly padTo?: number;
}

export interface MlpConfig {
  readonly hidden: number;
  readonly intermediate: number;
  /** swiglu: down(silu(gate(x)) · up(x)). The others: down(gelu(up(x))), with PyTorch's gelu or its tanh form. */
  readonly activation: 'swiglu' | 'gelu' | 'gelu-tanh';
  readonly bias: boolean;
  /** gate and up are one stored weight, gate above up, which is cut inside each half. */
  readonly merged: boolean;
}

export interface RopeConfig {
  readonly theta: number;
  readonly scaling?: RopeScaling;
}

export type RopeScaling = Llama3Scaling | YarnScaling;

/** Llama 3.1 and later: long wavelengths are stretched by `factor`, short ones kept, between them a mixture. */
export interface Llama3Scaling {
  readonly kind: 'llama3';
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalPositions: number;
}

/** YaRN (Peng et al. 2023), as DeepSeek-V3 uses it. */
export interface YarnScaling {
  readonly kind: 'yarn';
  readonly factor: number;
  readonly betaFast: number;
  readonly betaSlow: number;
  readonly originalPositions: number;
  /** The softmax scale is multiplied by (0.1 · this · ln factor + 1)². */
  readonly mscale: number;
}

export interface AttentionConfig {
  readonly hidden: number;
  readonly heads: number;
  /** Fewer than `heads`: grouped-query attention. Divides it. */
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rope: RopeConfig | null;
  /** Qwen2. */
  readonly qkvBias: boolean;
  /** Qwen3: RMSNorm over each head of q and k, before RoPE. */
  readonly qkNorm: boolean;
  /** How many tokens a query sees, itself the last (Mistral 7B v0.1); all where left out. The cache keeps all. */
  readonly window?: number;
  readonly normEpsilon: number;
}

/** Multi-head latent attention, DeepSeek-V2 and V3. */
export interface MlaConfig {
  readonly hidden: number;
  readonly heads: number;
  /** 0: q comes from x in one step (V2-Lite). */
  readonly qLoraRank: number;
  readonly kvLoraRank: number;
  readonly nopeDim: number;
  readonly ropeDim: number;
  readonly valueDim: number;
  readonly rope: RopeConfig;
  readonly normEpsilon: number;
  /** naive caches the keys and values of a rank's heads; absorbed caches the latent vector, on every rank. */
  readonly cache: 'naive' | 'absorbed';
}

export interface MoeConfig {
  readonly hidden: number;
  /** Of one expert. */
  readonly intermediate: number;
  readonly experts: number;
  readonly topK: number;
  readonly score: 'sigmoid' | 'softmax';
  readonly groups: number;
  readonly topGroups: number;
  /** Whether the gate has the bias that only selects (DeepSeek-V3). */
  readonly gateBias: boolean;
  readonly normalize: boolean;
  readonly routeScale: number;
  /** In units of `intermediate`; 0: none (Mixtral). */
  readonly sharedExperts: number;
  /** Each part reduces its own sum (DeepSeek-V3), or the shared experts' partial is added before one reduce (V3.2). */
  readonly reduce: 'each' | 'once';
  /** What a checkpoint calls its weights: as most do where left out, or block_sparse_moe with w1, w3 and w2. */
  readonly naming?: 'mixtral';
}

export interface BlockConfig {
  readonly attention:
    | ({ readonly kind: 'attention' } & AttentionConfig)
    | ({ readonly kind: 'mla' } & MlaConfig);
  readonly mlp: ({ readonly kind: 'mlp' } & MlpConfig) | ({ readonly kind: 'moe' } & MoeConfig);
  /** RMSNorm, or LayerNorm with weight and bias (GPT-2, GPT-J). Default rms. */
  readonly norm?: 'rms' | 'layer';
  readonly normEpsilon: number;
  /** reduceScatter and allGather in place of allReduce; norms and residual live on [tokens/p, hidden]. */
  readonly sequenceParallel: boolean;
}

/** The tokens of one pass: `tokens` new ones, after `past` that the cache holds. */
export interface Pass {
  readonly tokens: number;
  readonly past: number;
}
