// softmax(q·kᵀ·scale)·v, a query of a head at a time: its scores are all that is ever stored of them.
//
// A score is four chains along the key, and an element of the result one chain along the keys from the first to the last. A
// query's arithmetic depends on nothing but its own row, the keys and their number, however heads and queries are cut.

import { expOfRow, maxOfRow } from './rows';
import { fma, loadSome, storeSome, sumsOfLanes } from './simd';

/**
 * @param q `[t, heads · keyDim]`
 * @param k `[start + t or more, heads / group · keyDim]`
 * @param v `[start + t or more, heads / group · valueStride]`, of which the first `valueDim` columns of each head count
 * @param y `[t, heads · valueDim]`
 * @param start the position of the first query
 * @param window keys that a query sees, its own the last: those before are not read
 * @param scratch a float for each key, and three more
 */
export function attention(
  q: usize,
  k: usize,
  v: usize,
  y: usize,
  t: usize,
  heads: usize,
  group: usize,
  keyDim: usize,
  valueDim: usize,
  valueStride: usize,
  start: usize,
  causal: bool,
  window: usize,
  scale: f32,
  scratch: usize,
): void {
  const kvHeads = heads / group;
  for (let head: usize = 0; head < heads; head++) {
    const kvHead = head / group;
    for (let token: usize = 0; token < t; token++) {
      const oldest = max(start + token + 1, window) - window;
      const keys = start + (causal ? token + 1 : t) - oldest;
      const item = token * heads + head;
      scores(
        q + item * keyDim * 4,
        k + (oldest * kvHeads + kvHead) * keyDim * 4,
        kvHeads * keyDim * 4,
        keys,
        keyDim,
        scale,
        scratch,
      );
      const total = expOfRow(scratch, scratch, keys, maxOfRow(scratch, keys));
      const values = v + (oldest * kvHeads + kvHead) * valueStride * 4;
      average(scratch, values, kvHeads * valueStride * 4, keys, valueDim, total, y + item * valueDim * 4);
    }
  }
}

/** q · k · scale for each of `keys` rows of k, `stride` bytes apart. The last row is repeated up to a multiple of four. */
function scores(q: usize, k: usize, stride: usize, keys: usize, keyDim: usize, scale: f32, to: usize): void {
  const whole = keyDim & ~3;
  for (let key: usize = 0; key < keys; key += 4) {
    const last = keys - key - 1;
    const k0 = k + key * stride;
    const k1 = k0 + min(1, last) * stride;
    const k2 = k0 + min(2, last) * stride;
    const k3 = k0 + min(3, last) * stride;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at: usize = 0; at < whole * 4; at += 16) {
      const values = v128.load(q + at);
      s0 = fma(values, v128.load(k0 + at), s0);
      s1 = fma(values, v128.load(k1 + at), s1);
      s2 = fma(values, v128.load(k2 + at), s2);
      s3 = fma(values, v128.load(k3 + at), s3);
    }
    if (whole < keyDim) {
      const at = whole * 4;
      const rest = keyDim - whole;
      const values = loadSome(q + at, rest);
      s0 = fma(values, loadSome(k0 + at, rest), s0);
      s1 = fma(values, loadSome(k1 + at, rest), s1);
      s2 = fma(values, loadSome(k2 + at, rest), s2);
      s3 = fma(values, loadSome(k3 + at, rest), s3);
    }
    v128.store(to + key * 4, f32x4.mul(sumsOfLanes(s0, s1, s2, s3), f32x4.splat(scale)));
  }
}

/** Σ weight · v / total over the rows of v, `stride` bytes apart: thirty-two columns at a time, then four. */
function average(
  weights: usize,
  v: usize,
  stride: usize,
  keys: usize,
  columns: usize,
  total: f32,
  y: usize,
): void {
  const end = weights + keys * 4;
  const totals = f32x4.splat(total);
  let col: usize = 0;
  for (; col + 32 <= columns; col += 32, v += 128, y += 128) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let at = weights, row = v; at < end; at += 4, row += stride) {
      const weight = v128.load32_splat(at);
      s0 = fma(weight, v128.load(row), s0);
      s1 = fma(weight, v128.load(row, 16), s1);
      s2 = fma(weight, v128.load(row, 32), s2);
      s3 = fma(weight, v128.load(row, 48), s3);
      s4 = fma(weight, v128.load(row, 64), s4);
      s5 = fma(weight, v128.load(row, 80), s5);
      s6 = fma(weight, v128.load(row, 96), s6);
      s7 = fma(weight, v128.load(row, 112), s7);
    }
    v128.store(y, f32x4.div(s0, totals));
    v128.store(y, f32x4.div(s1, totals), 16);
    v128.store(y, f32x4.div(s2, totals), 32);
    v128.store(y, f32x4.div(s3, totals), 48);
    v128.store(y, f32x4.div(s4, totals), 64);
    v128.store(y, f32x4.div(s5, totals), 80);
    v128.store(y, f32x4.div(s6, totals), 96);
    v128.store(y, f32x4.div(s7, totals), 112);
  }
  for (; col < columns; col += 4, v += 16, y += 16) {
    const count = columns - col;
    let sum = f32x4.splat(0);
    for (let at = weights, row = v; at < end; at += 4, row += stride) {
      sum = fma(v128.load32_splat(at), loadSome(row, count), sum);
    }
    storeSome(y, f32x4.div(sum, totals), count);
  }
}
