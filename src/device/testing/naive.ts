/** What the operations should give, in float64 and in the plainest way: the score matrix is stored, every list sorted. */

import type { AttentionOptions, GateOptions } from '../device.ts';

type Values = ArrayLike<number>;

export function naiveSoftmax(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** q `[T, H·dk]`, k `[S, KV·dk]`, v `[S, KV·stride]` → `[T, H·dv]`, with all S = start + T keys. */
export function naiveAttention(
  { q, k, v }: { q: Values; k: Values; v: Values },
  t: number,
  { heads, kvHeads, start, scale, causal, valueDim, window = Number.POSITIVE_INFINITY }: AttentionOptions,
): number[] {
  const s = start + t;
  const keyDim = q.length / t / heads;
  const stride = v.length / s / kvHeads;
  const y: number[] = [];
  for (let token = 0; token < t; token++) {
    for (let head = 0; head < heads; head++) {
      const kv = Math.floor(head / (heads / kvHeads));
      const scores = Array.from({ length: s }, (_, key) => {
        if ((causal && key > start + token) || key <= start + token - window) return Number.NEGATIVE_INFINITY;
        let dot = 0;
        for (let i = 0; i < keyDim; i++) {
          dot += at(q, (token * heads + head) * keyDim + i) * at(k, (key * kvHeads + kv) * keyDim + i);
        }
        return dot * scale;
      });
      const weights = naiveSoftmax(scores);
      for (let c = 0; c < (valueDim ?? stride); c++) {
        y.push(weights.reduce((sum, p, key) => sum + p * at(v, (key * kvHeads + kv) * stride + c), 0));
      }
    }
  }
  return y;
}

export function naiveRmsNorm(row: readonly number[], w: Values, epsilon: number): number[] {
  const mean = row.reduce((sum, x) => sum + x * x, 0) / row.length;
  return row.map((x, i) => (x / Math.sqrt(mean + epsilon)) * at(w, i));
}

export function naiveLayerNorm(row: readonly number[], w: Values, b: Values, epsilon: number): number[] {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  return row.map((x, i) => ((x - mean) / Math.sqrt(variance + epsilon)) * at(w, i) + at(b, i));
}

/** x·Φ(x), to 1e-12 of itself even where Φ is 1e-38. */
export function naiveGelu(x: number): number {
  const tail = upperTail(Math.abs(x));
  return x * (x < 0 ? tail : 1 - tail);
}

/** 1 − Φ(a), a ≥ 0: by Laplace's continued fraction from its far end, or the series of Φ (Abramowitz & Stegun 26.2). */
function upperTail(a: number): number {
  const density = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI);
  if (a > 3) {
    let fraction = a;
    for (let i = 200; i > 0; i--) fraction = a + i / fraction;
    return density / fraction;
  }
  let [sum, term] = [a, a];
  for (let i = 1; i < 60; i++) {
    term *= (a * a) / (2 * i + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}

/** Turns the pairs `[first, second]` of columns of one head by an angle each. */
export function naiveRope(
  head: readonly number[],
  pairs: readonly (readonly [number, number])[],
  angles: readonly number[],
): number[] {
  const turned = [...head];
  for (const [i, [first, second]] of pairs.entries()) {
    const length = Math.hypot(at(head, first), at(head, second));
    const angle = Math.atan2(at(head, second), at(head, first)) + at(angles, i);
    turned[first] = length * Math.cos(angle);
    turned[second] = length * Math.sin(angle);
  }
  return turned;
}

/** `Gate.forward` of DeepSeek-V3's inference/model.py, for one token, step by step. */
export function naiveGate(logits: readonly number[], options: GateOptions, bias?: Values): number[] {
  const { topK, score, groups, topGroups, normalize, routeScale } = options;
  const scores = score === 'softmax' ? naiveSoftmax(logits) : logits.map((x) => 1 / (1 + Math.exp(-x)));
  let masked = scores.map((value, e) => value + (bias === undefined ? 0 : at(bias, e)));
  if (groups > 1) {
    const size = logits.length / groups;
    const groupScores = Array.from({ length: groups }, (_, g) => {
      const sorted = masked.slice(g * size, (g + 1) * size).sort((a, b) => b - a);
      return sorted.slice(0, bias === undefined ? 1 : 2).reduce((sum, value) => sum + value, 0);
    });
    const kept = topIndices(groupScores, topGroups);
    masked = masked.map((value, e) =>
      kept.includes(Math.floor(e / size)) ? value : Number.NEGATIVE_INFINITY,
    );
  }
  const chosen = topIndices(masked, topK);
  const total = chosen.reduce((sum, e) => sum + at(scores, e), 0);
  return scores.map((value, e) =>
    chosen.includes(e) ? (normalize ? value / total : value) * routeScale : 0,
  );
}

function topIndices(scores: readonly number[], count: number): number[] {
  const order = scores.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value); // stable
  return order.slice(0, count).map(({ index }) => index);
}

function at(data: Values, index: number): number {
  const value = data[index];
  if (value === undefined) throw new Error(`no element ${index} in ${data.length}`);
  return value;
}
