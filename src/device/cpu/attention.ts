/** Attention, a query of a head at a time: its scores are all that is ever stored of them. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { AttentionOptions, Operations } from '../device.ts';
import type { Runner } from './runner.ts';

export function attentionOperation(runner: Runner): Pick<Operations, 'attention'> {
  return {
    attention: (q, k, v, options) =>
      runner.compute(
        'attention',
        operations.attention(q, k, v, options),
        [q, k, v],
        (sizes, y, queries, keys, values) => attention(sizes, { q: queries, k: keys, v: values, y }, options),
      ),
  };
}

interface Operands {
  readonly q: Float32Array; // [T, H·keyDim]
  readonly k: Float32Array; // [S, KV·keyDim]
  readonly v: Float32Array; // [S, KV·valueStride]
  readonly y: Float32Array; // [T, H·valueDim]
}

/**
 * Sums are float64, and run along the keys from the first to the last: a query's arithmetic depends on nothing but its
 * own row, the keys and their number, however heads and queries are cut.
 */
function attention(
  { t, heads, group, keyDim, valueDim, valueStride, start }: SizesOf<'attention'>,
  { q, k, v, y }: Operands,
  { causal, scale }: AttentionOptions,
): void {
  const kvHeads = heads / group;
  const weights = new Float64Array(start + t);
  const sums = new Float64Array(valueDim);
  for (let item = 0; item < t * heads; item++) {
    const token = Math.floor(item / heads);
    const kvHead = Math.floor((item % heads) / group);
    const keys = start + (causal ? token + 1 : t);

    let top = Number.NEGATIVE_INFINITY;
    for (let key = 0; key < keys; key++) {
      const qAt = item * keyDim;
      const kAt = (key * kvHeads + kvHead) * keyDim;
      let dot = 0;
      for (let i = 0; i < keyDim; i++) dot += (q[qAt + i] as number) * (k[kAt + i] as number);
      weights[key] = dot * scale;
      top = Math.max(top, dot * scale);
    }
    let total = 0;
    sums.fill(0);
    for (let key = 0; key < keys; key++) {
      const weight = Math.exp((weights[key] as number) - top);
      const vAt = (key * kvHeads + kvHead) * valueStride;
      total += weight;
      for (let c = 0; c < valueDim; c++) sums[c] = (sums[c] as number) + weight * (v[vAt + c] as number);
    }
    for (let c = 0; c < valueDim; c++) y[item * valueDim + c] = (sums[c] as number) / total;
  }
}
