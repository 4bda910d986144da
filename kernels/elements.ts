// The operations that compute each element by itself.

import { exp, fma, loadSome, shiftedPower, storeSome, timesPowerOfTwo, withoutPowersOfTwo } from './simd';

/** a + b: a and y `[m, n]`, b `[n]`. */
export function add(a: usize, b: usize, y: usize, m: usize, n: usize): void {
  for (let row: usize = 0; row < m; row++, a += n * 4, y += n * 4) {
    for (let i: usize = 0; i < n; i += 4) {
      storeSome(y + i * 4, f32x4.add(loadSome(a + i * 4, n - i), loadSome(b + i * 4, n - i)), n - i);
    }
  }
}

/** silu(gate) · up, where silu(g) = g / (1 + e^−g). */
export function siluMul(gate: usize, up: usize, y: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 4) {
    const silu = timesSigmoid(loadSome(gate + i * 4, length - i), loadSome(gate + i * 4, length - i));
    storeSome(y + i * 4, f32x4.mul(silu, loadSome(up + i * 4, length - i)), length - i);
  }
}

/** x / (1 + e^−z). */
export function timesSigmoid(x: v128, z: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp(f32x4.neg(z))));
}

/** x · Φ(x). Hendrycks & Gimpel 2016, arXiv:1606.08415. */
export function gelu(x: usize, y: usize, length: usize, byTanh: bool): void {
  for (let i: usize = 0; i < length; i += 4) {
    const values = loadSome(x + i * 4, length - i);
    storeSome(y + i * 4, byTanh ? geluByTanh(values) : geluByErf(values), length - i);
  }
}

/**
 * x · (1 + tanh u) / 2 with u = √(2/π)·(x + 0.044715·x³), as x / (1 + e^−2u). Beyond ±20 that is 0 or x in float32, and
 * the powers of a larger x could overflow.
 */
function geluByTanh(x: v128): v128 {
  const near = f32x4.pmax(f32x4.pmin(x, f32x4.splat(20)), f32x4.splat(-20));
  const cube = f32x4.mul(f32x4.mul(near, near), near);
  const u = f32x4.add(near, f32x4.mul(f32x4.splat(0.044715), cube));
  return timesSigmoid(x, f32x4.mul(f32x4.splat(2 * 0.7978845608), u));
}

/**
 * x · (1 + erf(x/√2)) / 2, exact to 4 units in the last place, with the polynomials of shaders/gelu.wgsl. The sum itself
 * would lose all digits where erf is near −1, so beyond 0.85 it is the tail x · Φ(−|x|) that is computed, as a polynomial
 * in 1 / (|x| + 2) times e^(−x²/2).
 */
function geluByErf(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(15));
  const t = f32x4.sub(f32x4.div(f32x4.splat(1), f32x4.add(a, f32x4.splat(2))), f32x4.splat(0.206));
  let scaled = step(f32x4.splat(78.522529), t, -19.9732374);
  scaled = step(scaled, t, -16.451588);
  scaled = step(scaled, t, 8.46699914);
  scaled = step(scaled, t, 3.29812375);
  scaled = step(scaled, t, -2.81093696);
  scaled = step(scaled, t, -2.0943693);
  scaled = step(scaled, t, -0.482642132);
  scaled = step(scaled, t, 0.361720773);
  const tail = f32x4.mul(scaled, bell(a));
  const positive = f32x4.ge(x, f32x4.splat(0));
  const far = v128.bitselect(f32x4.sub(x, tail), f32x4.neg(tail), positive);

  const s = f32x4.mul(x, x);
  let odd = step(f32x4.splat(9.76859594e-5), s, -0.00117432373);
  odd = step(odd, s, 0.0099692588);
  odd = step(odd, s, -0.0664897817);
  odd = step(odd, s, 0.398942256);
  const near = f32x4.mul(x, f32x4.add(f32x4.splat(0.5), f32x4.mul(x, odd)));

  // What is no number is not below 15 either. −∞ · 0 is PyTorch's NaN.
  const beyond = f32x4.mul(x, v128.and(positive, f32x4.splat(1)));
  const within = v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.85)));
  return v128.bitselect(within, beyond, f32x4.lt(a, f32x4.splat(15)));
}

/** p · x + c. */
function step(p: v128, x: v128, c: f32): v128 {
  return fma(p, x, f32x4.splat(c));
}

/**
 * e^(−a²/2) for 0 ≤ a ≤ 15. The rounding of a² would be too much for an exponential, so a is cut in two, of which the
 * first part has a square without rounding.
 */
function bell(a: v128): v128 {
  const coarse = v128.and(a, i32x4.splat(0xfffff000));
  const power = f32x4.mul(f32x4.mul(f32x4.splat(-0.5), coarse), coarse);
  const shifted = shiftedPower(power);
  const rest = f32x4.mul(f32x4.mul(f32x4.splat(0.5), f32x4.sub(a, coarse)), f32x4.add(a, coarse));
  const r = f32x4.sub(withoutPowersOfTwo(power, shifted), rest);
  let e = step(f32x4.splat(0.00137928635), r, 0.00837924801);
  e = step(e, r, 0.0416695595);
  e = step(e, r, 0.16666421);
  e = step(e, r, 0.499999857);
  const value = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), e)));
  return timesPowerOfTwo(value, shifted);
}
