// y = x·Wᵀ + b for few rows of x, as fast as W comes from memory.
//
// Lanes lie along K, so that W is read as it lies and nothing is turned but sums. Term i of an element of y belongs to chain
// i mod 16, of which there are four vectors, for a chain waits four cycles for its last sum. At the end vector 0 joins 1,
// 2 joins 3, these two each other, and then the lanes.

import { fma, loadSome, storeSome, sumsOfLanes } from './simd';

/**
 * Of W, what may still be near the core. From there four rows are read side by side, which reads x a quarter as often; what
 * is further away comes fastest from one end to the other, 16 MiB in two thirds of the time.
 */
const NEAR_BYTES: usize = 4 << 20;

/**
 * @param x `[m, k]`, rows `ldx` floats apart
 * @param w `[n, k]`
 * @param b `[n]`, or 0
 * @param y `[m, n]`, rows `ldy` floats apart
 */
export function vector(
  x: usize,
  w: usize,
  b: usize,
  y: usize,
  m: usize,
  k: usize,
  n: usize,
  ldx: usize,
  ldy: usize,
): void {
  const stride = k * 4;
  const isNear = n * stride <= NEAR_BYTES;
  for (let col: usize = 0; col < n; col += 4) {
    const count = n - col;
    const last = count - 1; // it is repeated up to a multiple of four
    const w0 = w + col * stride;
    const w1 = w0 + min(1, last) * stride;
    const w2 = w0 + min(2, last) * stride;
    const w3 = w0 + min(3, last) * stride;
    for (let row: usize = 0; row < m; row++) {
      const from = x + row * ldx * 4;
      const sums = isNear
        ? fourRows(from, k, w0, w1, w2, w3)
        : sumsOfLanes(oneRow(from, k, w0), oneRow(from, k, w1), oneRow(from, k, w2), oneRow(from, k, w3));
      const to = y + (row * ldy + col) * 4;
      storeSome(to, b === 0 ? sums : f32x4.add(sums, loadSome(b + col * 4, count)), count);
    }
  }
}

/** A row of x times one of W: what is left of the chains is four lanes. */
function oneRow(x: usize, k: usize, w: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = w + (k & ~15) * 4; w < end; w += 64, x += 64) {
    s0 = fma(v128.load(w), v128.load(x), s0);
    s1 = fma(v128.load(w, 16), v128.load(x, 16), s1);
    s2 = fma(v128.load(w, 32), v128.load(x, 32), s2);
    s3 = fma(v128.load(w, 48), v128.load(x, 48), s3);
  }
  const rest = k & 15;
  if (rest > 0) s0 = fma(loadSome(w, rest), loadSome(x, rest), s0);
  if (rest > 4) s1 = fma(loadSome(w + 16, rest - 4), loadSome(x + 16, rest - 4), s1);
  if (rest > 8) s2 = fma(loadSome(w + 32, rest - 8), loadSome(x + 32, rest - 8), s2);
  if (rest > 12) s3 = fma(loadSome(w + 48, rest - 12), loadSome(x + 48, rest - 12), s3);
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

/** A row of x times each of four of W, in two passes of two vectors of chains: registers hold no more. */
function fourRows(x: usize, k: usize, w0: usize, w1: usize, w2: usize, w3: usize): v128 {
  const end = (k & ~15) * 4;
  const rest = k & 15;
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let pass: usize = 0; pass < 2; pass++) {
    let a0 = f32x4.splat(0);
    let b0 = a0;
    let c0 = a0;
    let d0 = a0;
    let a1 = a0;
    let b1 = a0;
    let c1 = a0;
    let d1 = a0;
    let at = pass * 32;
    for (; at < end; at += 64) {
      const x0 = v128.load(x + at);
      a0 = fma(v128.load(w0 + at), x0, a0);
      b0 = fma(v128.load(w1 + at), x0, b0);
      c0 = fma(v128.load(w2 + at), x0, c0);
      d0 = fma(v128.load(w3 + at), x0, d0);
      const x1 = v128.load(x + at, 16);
      a1 = fma(v128.load(w0 + at, 16), x1, a1);
      b1 = fma(v128.load(w1 + at, 16), x1, b1);
      c1 = fma(v128.load(w2 + at, 16), x1, c1);
      d1 = fma(v128.load(w3 + at, 16), x1, d1);
    }
    const before = pass * 8;
    if (rest > before) {
      const count = rest - before;
      const x0 = loadSome(x + at, count);
      a0 = fma(loadSome(w0 + at, count), x0, a0);
      b0 = fma(loadSome(w1 + at, count), x0, b0);
      c0 = fma(loadSome(w2 + at, count), x0, c0);
      d0 = fma(loadSome(w3 + at, count), x0, d0);
    }
    if (rest > before + 4) {
      const count = rest - before - 4;
      const x1 = loadSome(x + at + 16, count);
      a1 = fma(loadSome(w0 + at + 16, count), x1, a1);
      b1 = fma(loadSome(w1 + at + 16, count), x1, b1);
      c1 = fma(loadSome(w2 + at + 16, count), x1, c1);
      d1 = fma(loadSome(w3 + at + 16, count), x1, d1);
    }
    a = f32x4.add(a, f32x4.add(a0, a1));
    b = f32x4.add(b, f32x4.add(b0, b1));
    c = f32x4.add(c, f32x4.add(c0, c1));
    d = f32x4.add(d, f32x4.add(d0, d1));
  }
  return sumsOfLanes(a, b, c, d);
}
