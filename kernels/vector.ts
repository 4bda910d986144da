// y = x·Wᵀ + b for few rows of x, as fast as W comes from memory.
//
// Lanes are rows of W: four values of each of four rows are turned in registers, so that each element of y is one chain
// along K as in linear.ts. Sixteen rows at a time, for a chain waits four cycles for its last sum.

import { fma } from './simd';

/** Bytes of a line of the caches. */
const LINE: usize = 64;

/**
 * @param x `[m, k]`, rows `ldx` floats apart
 * @param w `[n, k]`, n ≥ 16
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
  for (let start: usize = 0; start < n; start += 16) {
    const col = min(start, n - 16); // the last sixteen may overlap those before: the same bits once more
    for (let row: usize = 0; row < m; row++) {
      const bias: usize = b === 0 ? 0 : b + col * 4;
      sixteen(x + row * 4 * ldx, w + col * 4 * k, k, bias, y + (row * ldy + col) * 4);
    }
  }
}

/**
 * Rows 4 KiB apart, or a multiple of it, meet in one set of the first cache, which holds eight or twelve lines. So the
 * last eight rows lag a line behind: of 2048 × 2048, nearly a tenth faster.
 */
function sixteen(x: usize, w: usize, k: usize, b: usize, y: usize): void {
  const row = k * 4;
  const w4 = w + row * 4;
  const w8 = w4 + row * 4;
  const w12 = w8 + row * 4;
  let s0 = f32x4.splat(0);
  let s4 = s0;
  let s8 = s0;
  let s12 = s0;
  const whole = row & ~15;
  const lag = min(LINE, whole);
  let at: usize = 0;
  for (; at < lag; at += 16) {
    const values = v128.load(x + at);
    s0 = fourByFour(s0, w + at, row, values);
    s4 = fourByFour(s4, w4 + at, row, values);
  }
  for (let behind: usize = 0; at < whole; at += 16, behind += 16) {
    const values = v128.load(x + at);
    s0 = fourByFour(s0, w + at, row, values);
    s4 = fourByFour(s4, w4 + at, row, values);
    const earlier = v128.load(x + behind);
    s8 = fourByFour(s8, w8 + behind, row, earlier);
    s12 = fourByFour(s12, w12 + behind, row, earlier);
  }
  for (let behind = whole - lag; behind < whole; behind += 16) {
    const earlier = v128.load(x + behind);
    s8 = fourByFour(s8, w8 + behind, row, earlier);
    s12 = fourByFour(s12, w12 + behind, row, earlier);
  }
  for (; at < row; at += 4) {
    const value = v128.load32_splat(x + at);
    s0 = fma(fourOf(w + at, row), value, s0);
    s4 = fma(fourOf(w4 + at, row), value, s4);
    s8 = fma(fourOf(w8 + at, row), value, s8);
    s12 = fma(fourOf(w12 + at, row), value, s12);
  }
  v128.store(y, b === 0 ? s0 : f32x4.add(s0, v128.load(b)));
  v128.store(y, b === 0 ? s4 : f32x4.add(s4, v128.load(b, 16)), 16);
  v128.store(y, b === 0 ? s8 : f32x4.add(s8, v128.load(b, 32)), 32);
  v128.store(y, b === 0 ? s12 : f32x4.add(s12, v128.load(b, 48)), 48);
}

/** sums + four columns of four rows at `w` times four values, one column after another. */
function fourByFour(sums: v128, w: usize, row: usize, values: v128): v128 {
  const a = v128.load(w);
  const b = v128.load(w + row);
  const c = v128.load(w + 2 * row);
  const d = v128.load(w + 3 * row);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  sums = fma(
    v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5),
    v128.shuffle<f32>(values, values, 0, 0, 0, 0),
    sums,
  );
  sums = fma(
    v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7),
    v128.shuffle<f32>(values, values, 1, 1, 1, 1),
    sums,
  );
  sums = fma(
    v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5),
    v128.shuffle<f32>(values, values, 2, 2, 2, 2),
    sums,
  );
  return fma(
    v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7),
    v128.shuffle<f32>(values, values, 3, 3, 3, 3),
    sums,
  );
}

/** A value of each of four rows. */
function fourOf(w: usize, row: usize): v128 {
  const two = v128.load32_lane(w + row, v128.load32_zero(w), 1);
  return v128.load32_lane(w + 3 * row, v128.load32_lane(w + 2 * row, two, 2), 3);
}
