/** The operations that layers are made of, and the tensors that they take: what they mean, apart from who computes them. */

import type { DType } from '../numerics/dtype.ts';

export interface Tensor {
  /** May hold zeros: a rank can own an empty shard. */
  readonly shape: readonly number[];
  /** The product of `shape`. */
  readonly length: number;
  readonly dtype: DType;
}

/**
 * What layers compute with. Sizes, and heads, may be 0: an output without elements is no work, and a sum over nothing
 * is 0.
 * NaN, infinities and −0 come out as in PyTorch, and attention reads nothing of a later token; a GPU may take a denormal
 * for 0 and lose a sign of 0 (testing/special.ts).
 * Matrices are row-major; T are tokens, H heads, and `[T, H·d]` holds the heads of a token one after another.
 * Indices are whole numbers held as floats, exact to 2²⁴; one outside, such as −1, stands for "not here". Costs:
 * costs.ts.
 */
export interface Operations {
  /** y = x·Wᵀ (+ b). x `[M, K]`, w `[N, K]` as PyTorch stores it, b `[N]` → `[M, N]`. K = 0 gives b or zeros. */
  linear(x: Tensor, w: Tensor, b?: Tensor): Tensor;
  /** A product for each head by itself: x `[M, H·K]`, w `[H, N, K]` → `[M, H·N]`. */
  linearPerHead(x: Tensor, w: Tensor): Tensor;
  /** a + b, element by element, or with b `[N]` added to each row of a `[…, N]`. */
  add(a: Tensor, b: Tensor): Tensor;

  /** A copy of columns `start … end` of x `[M, K]`, or of each of `heads` equal groups of columns → `[M, H·n]`. */
  columns(x: Tensor, start: number, end: number, heads?: number): Tensor;
  /** Columns of b behind those of a, head by head: a `[M, H·A]`, b `[M, H·B]`, or `[M, B]` for all heads if `shared`. */
  concatPerHead(a: Tensor, b: Tensor, heads: number, shared: boolean): Tensor;
  /** Rows of x `[V, D]` by index `[T]` → `[T, D]`; zeros where there is no such row. An embedding is this. */
  rows(x: Tensor, indices: Tensor): Tensor;
  /** In place: target `[S, D]` takes x `[T, D]` from row `start` on. */
  writeRows(target: Tensor, x: Tensor, start: number): void;
  /** In place: row indices[i] of target `[S, D]` grows by weights[i] · x[i], x `[n, D]`. Indices inside are distinct. */
  addRows(target: Tensor, x: Tensor, indices: Tensor, weights: Tensor): void;

  /** x / √(mean x² + ε) · w over each group of D: x `[M, G·D]`, w `[D]`. Zhang & Sennrich 2019. */
  rmsNorm(x: Tensor, w: Tensor, epsilon: number): Tensor;
  /** (x − mean) / √(variance + ε) · w + b over each row: x `[M, D]`, w and b `[D]`. */
  layerNorm(x: Tensor, w: Tensor, b: Tensor, epsilon: number): Tensor;
  /** silu(gate) · up. */
  siluMul(gate: Tensor, up: Tensor): Tensor;
  /** `erf` is PyTorch's default, `tanh` its approximation (GPT-2). */
  gelu(x: Tensor, form: GeluForm): Tensor;
  /** Over each row of x `[M, N]`. */
  softmax(x: Tensor): Tensor;
  /** Turns pairs of elements by the angle of their position. x `[T, H·d]` → the same shape. */
  rope(x: Tensor, table: Tensor, options: RopeOptions): Tensor;
  /** softmax(q·kᵀ·scale)·v without storing the scores. q `[T, H·dk]`, k `[S, KV·dk]`, v `[S, KV·…]` → `[T, H·dv]`. */
  attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor;
  /** The weight of each expert for each token, 0 where it was not chosen: logits `[T, E]` → `[T, E]`. NaN is chosen first. */
  gate(logits: Tensor, options: GateOptions, bias?: Tensor): Tensor;

  /** The largest element of each row, NaN where one is: x `[M, N]` → `[M]`; −3.4e38 (the lowest float32) of an empty one. */
  rowMax(x: Tensor): Tensor;
  /** Σ e^(x − shift) over each row: x `[M, N]`, shift `[M]` → `[M]`. */
  sumExp(x: Tensor, shift: Tensor): Tensor;
  /**
   * The k largest of each row, the largest first, behind them their indices, and in the end Σ e^(x − largest), by which they
   * have a probability: x `[M, N]` → `[M, 2·k + 1]`. NaN is above all, of equal ones the lower index stands in front, and a
   * row of fewer than k is filled up with −∞ at index −1.
   */
  topK(x: Tensor, k: number): Tensor;
  /** Element indices[i] of row i: x `[M, N]`, indices `[M]` → `[M]`; 0 where there is no such element. */
  pick(x: Tensor, indices: Tensor): Tensor;
}

export type OperationName = keyof Operations;

export type GeluForm = 'erf' | 'tanh';

export interface RopeOptions {
  /** Columns of a head. */
  readonly headDim: number;
  /** Where in a head the rotated columns begin; as many follow as the table is wide, the others are copied. Default 0. */
  readonly offset?: number;
  /** The position of the first token: row of the table `[positions, R]`, cosines in its first half, sines in the other. */
  readonly start: number;
  /** Which elements are a pair: i and i + R/2 (Hugging Face, `rotate_half`), or 2i and 2i + 1 (DeepSeek, GPT-J). */
  readonly layout: 'half' | 'interleaved';
}

export interface AttentionOptions {
  readonly heads: number;
  /** Divides `heads`: query head h reads key/value head ⌊h / (heads / kvHeads)⌋. */
  readonly kvHeads: number;
  /** The position of the first query. The first `start + T` rows of k and v are read; they may have more. */
  readonly start: number;
  readonly scale: number;
  readonly causal: boolean;
  /**
   * A query at position p sees no key before p − window + 1, as `sliding_window_overlay` of transformers' masking_utils.py;
   * all of them where left out.
   */
  readonly window?: number;
  /** Take the first `valueDim` columns of each head of v; all of them where left out. */
  readonly valueDim?: number;
}

/** DeepSeek-V3's gate (`inference/model.py`), of which Mixtral's is the case softmax, one group. */
export interface GateOptions {
  readonly topK: number;
  readonly score: 'sigmoid' | 'softmax';
  /**
   * Experts are in so many equal groups, of which the best `topGroups` take part: those with the highest sum of their
   * two best biased scores, or without a bias the highest score. 1 and 1: no groups.
   */
  readonly groups: number;
  readonly topGroups: number;
  /** Divide the chosen weights by their sum. */
  readonly normalize: boolean;
  /** Multiply them by this, after. */
  readonly routeScale: number;
}
