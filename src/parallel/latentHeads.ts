/** The two ways of latent attention: keep keys and values, or keep the latent vectors they come from. */

import type { Device, Tensor } from '../device/device.ts';
import { fillBlock } from '../math/matrix.ts';
import type { MlaConfig } from '../math/plans/configs.ts';
import type { KVCache } from './KVCache.ts';
import { LinearShard } from './LinearShard.ts';
import { Stored } from './stored.ts';
import { all } from './weights.ts';

/** How a rank's heads attend to the latent vectors, and what they cache. */
export interface LatentHeads {
  /** Columns of each tensor of the cache. */
  readonly cacheWidths: readonly number[];
  /** @param weight this rank's rows of kv_b_proj `[H/p·(nope + value), kvLoraRank]` */
  load(weight: Float32Array): void;
  /** q `[T, H/p·(nope + rope)]`, latent `[T, kvLoraRank]`, kr `[T, rope]`, turned → `[T, H/p·value]`. */
  attend(q: Tensor, latent: Tensor, kr: Tensor, cache: KVCache, scale: number): Tensor;
  free(): void;
}

/** Makes the keys and values of a rank's heads, and caches them: `heads·(nope + rope + value)` floats a token. */
export function naiveHeads(device: Device, config: MlaConfig, heads: number): LatentHeads {
  const { kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const kvb = new LinearShard(device, heads * (nopeDim + valueDim), kvLoraRank, false);
  return {
    cacheWidths: [heads * (nopeDim + ropeDim), heads * valueDim],
    load: (weight) => kvb.load(weight),
    attend(q, latent, kr, cache, scale) {
      const start = cache.length;
      const kv = kvb.apply(latent, { withBias: false }); // [T, H/p·(nope + value)]
      const kn = device.columns(kv, 0, nopeDim, heads); // [T, H/p·nope]
      const k = device.concatPerHead(kn, kr, heads, true); // [T, H/p·(nope + rope)]
      const v = device.columns(kv, nopeDim, nopeDim + valueDim, heads); // [T, H/p·value]
      const [keys, values] = cache.append(k, v);
      const out = device.attention(q, keys ?? k, values ?? v, {
        heads,
        kvHeads: heads,
        start,
        scale,
        causal: true,
      });
      device.free(kv, kn, k, v);
      return out;
    },
    free: () => kvb.free(),
  };
}

/**
 * (q·Wk)·c = q·(Wkᵀ·c): the keys' half of kv_b moves to the queries, the values' half behind the sum over tokens, and
 * attention runs on the latent vectors themselves. They are `kvLoraRank + rope` floats a token, on every rank alike.
 */
export function absorbedHeads(device: Device, config: MlaConfig, heads: number): LatentHeads {
  const { kvLoraRank, nopeDim, ropeDim, valueDim } = config;
  const stored = new Stored(device, 'MultiHeadLatentAttention');
  const keyDim = nopeDim + ropeDim;
  return {
    cacheWidths: [kvLoraRank + ropeDim],
    load(weight) {
      // kv_b_proj has for each head its key rows [nope, kvLoraRank], then its value rows [value, kvLoraRank].
      const row = (head: number, i: number): number => (head * (nopeDim + valueDim) + i) * kvLoraRank;
      const keys = fillBlock(
        { rows: all(heads * kvLoraRank), cols: all(nopeDim) },
        (at, i) => weight[row(Math.floor(at / kvLoraRank), i) + (at % kvLoraRank)] as number,
      );
      const values = fillBlock(
        { rows: all(heads * valueDim), cols: all(kvLoraRank) },
        (at, c) => weight[row(Math.floor(at / valueDim), nopeDim + (at % valueDim)) + c] as number,
      );
      stored.put('keys', keys, [heads, kvLoraRank, nopeDim]); // transposed, as linear wants it
      stored.put('values', values, [heads, valueDim, kvLoraRank]);
    },
    attend(q, latent, kr, cache, scale) {
      const start = cache.length;
      const qn = device.columns(q, 0, nopeDim, heads); // [T, H/p·nope]
      const qc = device.linearPerHead(qn, stored.get('keys')); // [T, H/p·kvLoraRank]
      const qr = device.columns(q, nopeDim, keyDim, heads); // [T, H/p·rope]
      const query = device.concatPerHead(qc, qr, heads, false); // [T, H/p·(kvLoraRank + rope)]
      const key = device.concatPerHead(latent, kr, 1, true); // [T, kvLoraRank + rope]
      const [keys] = cache.append(key);
      const mixed = device.attention(query, keys ?? key, keys ?? key, {
        heads,
        kvHeads: 1,
        start,
        scale,
        causal: true,
        valueDim: kvLoraRank,
      }); // [T, H/p·kvLoraRank]
      const out = device.linearPerHead(mixed, stored.get('values')); // [T, H/p·value]
      device.free(qn, qc, qr, query, key, mixed);
      return out;
    },
    free: () => stored.free(),
  };
}
