/** What a token attends to: the softmax inside of attention, which its kernels never write down. */

export interface AttentionHeads {
  readonly heads: number;
  /** Divides `heads`: query head h reads key head ⌊h / (heads / kvHeads)⌋. */
  readonly kvHeads: number;
  readonly scale: number;
  /** Keys that it sees, the last of them its own; all where left out. */
  readonly window?: number;
}

/**
 * softmax(q·kᵀ · scale) of one token, in float64.
 * @param q `[heads · d]`
 * @param keys `[rows, kvHeads · d]`, of which the first `count` are read, or the last `window` of those: the tokens up to this one
 * @returns `[heads, count]`; a head's weights add up to 1, and are 0 before the window
 */
export function attentionWeights(
  q: Float32Array,
  keys: Float32Array,
  count: number,
  { heads, kvHeads, scale, window = Number.POSITIVE_INFINITY }: AttentionHeads,
): Float32Array {
  const weights = new Float32Array(heads * count);
  const width = q.length / heads;
  for (let head = 0; head < heads; head++) {
    const keyHead = Math.floor(head / (heads / kvHeads));
    const scores = Array.from({ length: count }, (_, row) => {
      if (row < count - window) return Number.NEGATIVE_INFINITY;
      let dot = 0;
      for (let i = 0; i < width; i++) {
        dot += (q[head * width + i] as number) * (keys[(row * kvHeads + keyHead) * width + i] as number);
      }
      return dot * scale;
    });
    const most = Math.max(...scores);
    const exps = scores.map((score) => Math.exp(score - most));
    const total = exps.reduce((sum, one) => sum + one, 0);
    weights.set(
      exps.map((one) => one / total),
      head * count,
    );
  }
  return weights;
}
