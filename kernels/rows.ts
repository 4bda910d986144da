// The operations over whole rows. A sum is sixteen chains of float32, of every sixteenth element each, and then their sum:
// it depends on the row and its length alone, wherever a cut along M puts the row.

import { exp, firstLanes, fma, loadSome, maxOf, storeSome, sumOf } from './simd';

/** The lowest float32: the maximum of an empty row. */
const LOWEST: f32 = -3.4028234663852886e38;

/** x / √(mean x² + ε) · w over rows: x and y `[m, d]`, w `[d]`. Zhang & Sennrich 2019, arXiv:1910.07467. */
export function rmsNorm(x: usize, w: usize, y: usize, m: usize, d: usize, epsilon: f32): void {
  for (const end = x + m * d * 4; x < end; x += d * 4, y += d * 4) {
    const scale = f32x4.splat(1 / sqrt<f32>(sumOfSquares(x, d, 0) / <f32>d + epsilon));
    for (let i: usize = 0; i < d; i += 4) {
      const scaled = f32x4.mul(loadSome(x + i * 4, d - i), scale);
      storeSome(y + i * 4, f32x4.mul(scaled, loadSome(w + i * 4, d - i)), d - i);
    }
  }
}

/** (x − mean) / √(variance + ε) · w + b over rows: x and y `[m, d]`, w and b `[d]`. Ba, Kiros & Hinton 2016, arXiv:1607.06450. */
export function layerNorm(x: usize, w: usize, b: usize, y: usize, m: usize, d: usize, epsilon: f32): void {
  for (const end = x + m * d * 4; x < end; x += d * 4, y += d * 4) {
    const mean = sumOfRow(x, d) / <f32>d;
    const scale = f32x4.splat(1 / sqrt<f32>(sumOfSquares(x, d, mean) / <f32>d + epsilon));
    for (let i: usize = 0; i < d; i += 4) {
      const scaled = f32x4.mul(f32x4.sub(loadSome(x + i * 4, d - i), f32x4.splat(mean)), scale);
      storeSome(y + i * 4, fma(scaled, loadSome(w + i * 4, d - i), loadSome(b + i * 4, d - i)), d - i);
    }
  }
}

/** Over rows: x and y `[m, n]`. */
export function softmax(x: usize, y: usize, m: usize, n: usize): void {
  for (const end = x + m * n * 4; x < end; x += n * 4, y += n * 4) softmaxOfRow(x, y, n);
}

/** y may be x. */
export function softmaxOfRow(x: usize, y: usize, n: usize): void {
  const sum = f32x4.splat(expOfRow(x, y, n, maxOfRow(x, n)));
  for (let i: usize = 0; i < n; i += 4) {
    storeSome(y + i * 4, f32x4.div(loadSome(y + i * 4, n - i), sum), n - i);
  }
}

/** The largest of each row, NaN where one is: x `[m, n]`, y `[m]`. */
export function rowMax(x: usize, y: usize, m: usize, n: usize): void {
  for (let row: usize = 0; row < m; row++) {
    store<f32>(y + row * 4, n === 0 ? LOWEST : maxOfRow(x + row * n * 4, n));
  }
}

/** Σ e^(x − shift) over rows: x `[m, n]`, shift and y `[m]`. */
export function sumExp(x: usize, shift: usize, y: usize, m: usize, n: usize): void {
  for (let row: usize = 0; row < m; row++) {
    store<f32>(y + row * 4, expOfRow(x + row * n * 4, 0, n, load<f32>(shift + row * 4)));
  }
}

export function maxOfRow(x: usize, n: usize): f32 {
  let a = f32x4.splat(<f32>Number.NEGATIVE_INFINITY);
  let b = a;
  let c = a;
  let d = a;
  const end = x + n * 4;
  for (; x + 64 <= end; x += 64) {
    a = f32x4.max(a, v128.load(x));
    b = f32x4.max(b, v128.load(x, 16));
    c = f32x4.max(c, v128.load(x, 32));
    d = f32x4.max(d, v128.load(x, 48));
  }
  for (; x < end; x += 4) a = f32x4.max(a, v128.load32_splat(x));
  return maxOf(f32x4.max(f32x4.max(a, b), f32x4.max(c, d)));
}

/** Writes e^(x − shift) to `to`, unless that is 0, and returns the sum. */
export function expOfRow(x: usize, to: usize, n: usize, shift: f32): f32 {
  const shifts = f32x4.splat(shift);
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let i: usize = 0;
  for (; i + 16 <= n; i += 16) {
    a = f32x4.add(a, expOfFour(x, to, i, shifts));
    b = f32x4.add(b, expOfFour(x, to, i + 4, shifts));
    c = f32x4.add(c, expOfFour(x, to, i + 8, shifts));
    d = f32x4.add(d, expOfFour(x, to, i + 12, shifts));
  }
  for (; i < n; i += 4) {
    const powers = exp(f32x4.sub(loadSome(x + i * 4, n - i), shifts));
    if (to !== 0) storeSome(to + i * 4, powers, n - i);
    a = f32x4.add(a, firstLanes(powers, n - i));
  }
  return sumOf(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

function expOfFour(x: usize, to: usize, i: usize, shifts: v128): v128 {
  const powers = exp(f32x4.sub(v128.load(x + i * 4), shifts));
  if (to !== 0) v128.store(to + i * 4, powers);
  return powers;
}

function sumOfRow(x: usize, n: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const end = x + n * 4;
  for (; x + 64 <= end; x += 64) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32));
    d = f32x4.add(d, v128.load(x, 48));
  }
  for (; x < end; x += 16) a = f32x4.add(a, loadSome(x, (end - x) / 4));
  return sumOf(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** Σ (x − mean)². */
function sumOfSquares(x: usize, n: usize, mean: f32): f32 {
  const means = f32x4.splat(mean);
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const end = x + n * 4;
  for (; x + 64 <= end; x += 64) {
    a = addSquare(a, f32x4.sub(v128.load(x), means));
    b = addSquare(b, f32x4.sub(v128.load(x, 16), means));
    c = addSquare(c, f32x4.sub(v128.load(x, 32), means));
    d = addSquare(d, f32x4.sub(v128.load(x, 48), means));
  }
  for (; x < end; x += 16) {
    const count = (end - x) / 4;
    a = addSquare(a, firstLanes(f32x4.sub(loadSome(x, count), means), count));
  }
  return sumOf(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

function addSquare(sum: v128, x: v128): v128 {
  return fma(x, x, sum);
}
