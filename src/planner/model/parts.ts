/**
 * A language model as its weights, counted: what is stored, how it is cut, and what a token does with it. It needs less
 * than a program (src/program): an activation or a soft cap changes no size, so that far more models are counted than run.
 */

/**
 * How tensor parallelism cuts a weight. `kv`: by key/value heads, copied where there are more ranks than heads.
 * `experts`: whole experts are dealt out, or each is cut. `copied`: on every rank.
 */
export type Cut = 'even' | 'kv' | 'vocab' | 'experts' | 'copied';

export interface Weight {
  /** "self_attn.q_proj", as configurations of quantisation name it. */
  readonly module: string;
  /** `[out, in]`; of a vector `in` is 1. */
  readonly out: number;
  readonly in: number;
  /** Experts; else 1. */
  readonly copies: number;
  readonly cut: Cut;
  /** matrix: a linear layer. table: an embedding, of which a token reads a row. */
  readonly kind: 'matrix' | 'vector' | 'table';
  /** Bytes of all copies, as they are stored: a mean over the layers of its run. */
  readonly bytes: number;
}

export type AttentionShape =
  | { readonly kind: 'heads'; readonly heads: number; readonly kvHeads: number; readonly headDim: number }
  /** Multi-head latent attention: one vector a token on every rank. */
  | { readonly kind: 'latent'; readonly heads: number; readonly latent: number; readonly headDim: number };

export interface LayerRun {
  readonly count: number;
  readonly attention: AttentionShape;
  readonly weights: readonly Weight[];
  readonly experts: { readonly count: number; readonly topK: number } | null;
  /** Tokens back that its attention reaches; null: all. */
  readonly window: number | null;
  /** Attention and MLP read the same input, and are summed once (Falcon, GPT-J, Cohere). */
  readonly parallel: boolean;
}

export interface CountedModel {
  readonly name: string;
  readonly architecture: string;
  /** `model_type`, by which codebases know it. */
  readonly type: string;
  readonly hidden: number;
  readonly vocab: number;
  readonly layers: readonly LayerRun[];
  /** Embedding, learned positions, last norm, head. */
  readonly outside: readonly Weight[];
  readonly tied: boolean;
  /** Whether the files hold the head: Falcon's do, though it is the embedding's table. */
  readonly storesHead: boolean;
  /** The longest context: `max_position_embeddings`, with what scales RoPE. */
  readonly maxPositions: number;
  /** Bytes of a weight that is not quantised. */
  readonly dtypeBytes: number;
  readonly quantization: QuantizationFacts | null;
  /** An extra weight of the indexer of DeepSeek-V3.2, and whatever else a sentence has to be said of. */
  readonly notes: readonly string[];
}

export interface QuantizationFacts {
  /** "awq" */
  readonly method: string;
  /** Of a quantised number; null where the method is not known here, and all is counted wide. */
  readonly bits: number | null;
  /** What shares a scale, of a weight `[out, in]`. */
  readonly block: { readonly rows: number; readonly cols: number } | null;
}

export function elementsOf({ out, in: inner, copies }: Pick<Weight, 'out' | 'in' | 'copies'>): number {
  return out * inner * copies;
}

function sum(weights: readonly Weight[], of: (weight: Weight) => number): number {
  return weights.reduce((total, weight) => total + of(weight), 0);
}

/** The model with another weight in place of each. */
export function mapWeights(model: CountedModel, of: (weight: Weight) => Weight): CountedModel {
  return {
    ...model,
    layers: model.layers.map((layer) => ({ ...layer, weights: layer.weights.map(of) })),
    outside: model.outside.map(of),
  };
}

/** Each once: a head that is the embedding's table adds nothing. */
export function parametersOf({ layers, outside, tied }: CountedModel): number {
  const own = outside.filter(({ module }) => !(tied && module === 'lm_head'));
  return layers.reduce(
    (total, { count, weights }) => total + count * sum(weights, elementsOf),
    sum(own, elementsOf),
  );
}

/** Those that a token is multiplied with: of experts the chosen ones, of the embedding none. */
export function activeParametersOf(model: CountedModel): number {
  const { layers, outside } = model;
  const active = layers.reduce((total, { count, weights, experts }) => {
    const share = (weight: Weight): number =>
      weight.cut === 'experts' && experts ? experts.topK / experts.count : 1;
    return total + count * sum(weights, (weight) => elementsOf(weight) * share(weight));
  }, 0);
  return (
    active +
    sum(
      outside.filter(({ kind }) => kind !== 'table'),
      elementsOf,
    )
  );
}

/** Bytes of the checkpoint's files, but for their headers. */
export function checkpointBytesOf({ layers, outside, storesHead }: CountedModel): number {
  const bytes = (weight: Weight): number => (!storesHead && weight.module === 'lm_head' ? 0 : weight.bytes);
  return layers.reduce(
    (total, { count, weights }) => total + count * sum(weights, bytes),
    sum(outside, bytes),
  );
}

export function layerCount({ layers }: CountedModel): number {
  return layers.reduce((total, { count }) => total + count, 0);
}

/** Numbers in the cache for one more token, of one layer and all ranks together. */
export function cacheElements(attention: AttentionShape): number {
  return attention.kind === 'latent' ? attention.latent : 2 * attention.kvHeads * attention.headDim;
}

/** Where every rank has to have some heads, and what else divides: of the first run, whose kind all have. */
export function headsOf({ layers }: CountedModel): { heads: number; kvHeads: number; latent: boolean } {
  const attention = layers[0]?.attention;
  if (attention === undefined) throw new Error('a model has a layer');
  if (attention.kind === 'latent') return { heads: attention.heads, kvHeads: attention.heads, latent: true };
  return { heads: attention.heads, kvHeads: attention.kvHeads, latent: false };
}
