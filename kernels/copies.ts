// The operations that move rows and columns about. Indices are whole numbers held as floats; one outside stands for none.

import { fma, loadSome, storeSome } from './simd';

/** Columns `start … start + n` of each of `heads` groups of k: x `[m, heads · k]`, y `[m, heads · n]`. */
export function columns(x: usize, y: usize, m: usize, heads: usize, k: usize, n: usize, start: usize): void {
  for (let head: usize = 0; head < m * heads; head++) {
    memory.copy(y + head * n * 4, x + (head * k + start) * 4, n * 4);
  }
}

/** a `[m, heads · left]`, b `[m, heads · right]` or, where it is shared, `[m, right]`; y `[m, heads · (left + right)]`. */
export function concatPerHead(
  a: usize,
  b: usize,
  y: usize,
  m: usize,
  heads: usize,
  left: usize,
  right: usize,
  shared: bool,
): void {
  for (let head: usize = 0; head < m * heads; head++, y += (left + right) * 4) {
    memory.copy(y, a + head * left * 4, left * 4);
    memory.copy(y + left * 4, b + (shared ? head / heads : head) * right * 4, right * 4);
  }
}

/** x `[v, d]`, indices `[count]`, y `[count, d]`. */
export function rows(x: usize, indices: usize, y: usize, v: usize, d: usize, count: usize): void {
  for (let row: usize = 0; row < count; row++) {
    const index = load<f32>(indices + row * 4);
    const to = y + row * d * 4;
    if (isBelow(index, v)) memory.copy(to, x + <usize>index * d * 4, d * 4);
    else memory.fill(to, 0, d * 4);
  }
}

/** Row indices[i] of target `[s, d]` grows by weights[i] · x[i]: x `[count, d]`, indices and weights `[count]`. */
export function addRows(
  target: usize,
  x: usize,
  indices: usize,
  weights: usize,
  s: usize,
  d: usize,
  count: usize,
): void {
  for (let row: usize = 0; row < count; row++, x += d * 4) {
    const index = load<f32>(indices + row * 4);
    if (!isBelow(index, s)) continue;
    const to = target + <usize>index * d * 4;
    const weight = v128.load32_splat(weights + row * 4);
    for (let i: usize = 0; i < d; i += 4) {
      const sum = fma(weight, loadSome(x + i * 4, d - i), loadSome(to + i * 4, d - i));
      storeSome(to + i * 4, sum, d - i);
    }
  }
}

/** Element indices[i] of row i, or 0: x `[m, n]`, indices and y `[m]`. */
export function pick(x: usize, indices: usize, y: usize, m: usize, n: usize): void {
  for (let row: usize = 0; row < m; row++) {
    const index = load<f32>(indices + row * 4);
    store<f32>(y + row * 4, isBelow(index, n) ? load<f32>(x + (row * n + <usize>index) * 4) : 0);
  }
}

function isBelow(index: f32, count: usize): bool {
  return index >= 0 && index < <f32>count;
}
