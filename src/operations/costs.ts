/**
 * What each operation costs, in floating-point operations: the plans predict with these formulas, and the devices
 * write them into the trace from the shapes they were given.
 *
 * A multiply-add counts as two, as everyone counts it. Element-wise operations count the arithmetic of their formula,
 * with exp, tanh, sqrt and division as one each. Copies are free. In attention the softmax is left out, as in the
 * FlashAttention papers.
 */

/** y = x·Wᵀ: x `[m, k]`, w `[n, k]`; the bias is not counted. */
export function linearFlops(m: number, k: number, n: number): number {
  return 2 * m * k * n;
}

/** a + b, `elements` of them. */
export function addFlops(elements: number): number {
  return elements;
}

/** x / √(mean x² + ε) · w: square, add, scale, multiply. */
export function rmsNormFlops(elements: number): number {
  return 4 * elements;
}

/** (x − mean) / √(variance + ε) · w + b: the mean's add, then subtract, square, add, scale, multiply, add. */
export function layerNormFlops(elements: number): number {
  return 7 * elements;
}

/** x·cos + rotated(x)·sin, on the rotated elements alone. */
export function ropeFlops(rotated: number): number {
  return 3 * rotated;
}

/** gate / (1 + e^−gate) · up. */
export function siluMulFlops(elements: number): number {
  return 5 * elements;
}

/** x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), and as many for the form with erf. */
export function geluFlops(elements: number): number {
  return 8 * elements;
}

/** e^(x − max) / Σ: the maximum, subtract, exp, add, divide. */
export function softmaxFlops(elements: number): number {
  return 5 * elements;
}

/** y[i] += weight·x, `elements` of x. */
export function addRowsFlops(elements: number): number {
  return 2 * elements;
}

/** The score of each of `elements` experts of all tokens: exp, add, divide, and the bias. Choosing is not counted. */
export function gateFlops(elements: number): number {
  return 4 * elements;
}

/** The maximum of each row. */
export function rowMaxFlops(elements: number): number {
  return elements;
}

/** The largest of each row, and Σ e^(x − largest); choosing the others is not counted. */
export function topFlops(elements: number): number {
  return rowMaxFlops(elements) + sumExpFlops(elements);
}

/** Σ e^(x − shift) of each row. */
export function sumExpFlops(elements: number): number {
  return 3 * elements;
}

/**
 * How many (query, key) pairs attention scores: query t stands at position `start + t`, and sees the keys up to its
 * own with a causal mask, or all `start + tokens` of them; none of them before the `window` keys that end with its own.
 */
export function attentionPairs(
  tokens: number,
  start: number,
  causal: boolean,
  window = Number.POSITIVE_INFINITY,
): number {
  const upTo = causal ? tokens * start + (tokens * (tokens + 1)) / 2 : tokens * (start + tokens);
  const before = Math.max(0, start + tokens - window); // what the last query does not see; the one before it one key fewer
  const queries = Math.min(tokens, before);
  return upTo - (before > 0 ? queries * before - (queries * (queries - 1)) / 2 : 0);
}

/** q·kᵀ and the weighted sum of v, for `heads` heads. */
export function attentionFlops(pairs: number, heads: number, keyDim: number, valueDim: number): number {
  return 2 * pairs * heads * (keyDim + valueDim);
}
