// Rotary position embedding: Su et al. 2021, arXiv:2104.09864.

import { loadSome, storeSome } from './simd';

/**
 * The pair (a, b) becomes (a·cos − b·sin, b·cos + a·sin); what is not turned is copied.
 * @param x and y `[t, heads · headDim]`
 * @param table `[positions, rotated]`, cosines and then sines, from the first token's position on
 * @param offset where in a head the turned columns begin
 * @param interleaved pairs are 2i and 2i + 1, in place of i and i + rotated / 2
 */
export function rope(
  x: usize,
  table: usize,
  y: usize,
  t: usize,
  heads: usize,
  headDim: usize,
  rotated: usize,
  offset: usize,
  interleaved: bool,
): void {
  memory.copy(y, x, t * heads * headDim * 4);
  for (let token: usize = 0; token < t; token++) {
    const angles = table + token * rotated * 4;
    for (let head: usize = 0; head < heads; head++) {
      const at = ((token * heads + head) * headDim + offset) * 4;
      if (interleaved) turnNeighbours(x + at, angles, y + at, rotated / 2);
      else turnHalves(x + at, angles, y + at, rotated / 2);
    }
  }
}

function turnHalves(x: usize, angles: usize, y: usize, pairs: usize): void {
  const half = pairs * 4;
  for (let i: usize = 0; i < pairs; i += 4) {
    const count = pairs - i;
    const at = i * 4;
    const cosine = loadSome(angles + at, count);
    const sine = loadSome(angles + half + at, count);
    const a = loadSome(x + at, count);
    const b = loadSome(x + half + at, count);
    storeSome(y + at, f32x4.sub(f32x4.mul(a, cosine), f32x4.mul(b, sine)), count);
    storeSome(y + half + at, f32x4.add(f32x4.mul(b, cosine), f32x4.mul(a, sine)), count);
  }
}

function turnNeighbours(x: usize, angles: usize, y: usize, pairs: usize): void {
  const half = pairs * 4;
  let at: usize = 0;
  for (; at + 16 <= half; at += 16) {
    const cosine = v128.load(angles + at);
    const sine = v128.load(angles + half + at);
    const first = v128.load(x + 2 * at);
    const second = v128.load(x + 2 * at, 16);
    const a = v128.shuffle<f32>(first, second, 0, 2, 4, 6);
    const b = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
    const turnedA = f32x4.sub(f32x4.mul(a, cosine), f32x4.mul(b, sine));
    const turnedB = f32x4.add(f32x4.mul(b, cosine), f32x4.mul(a, sine));
    v128.store(y + 2 * at, v128.shuffle<f32>(turnedA, turnedB, 0, 4, 1, 5));
    v128.store(y + 2 * at, v128.shuffle<f32>(turnedA, turnedB, 2, 6, 3, 7), 16);
  }
  for (; at < half; at += 4) {
    const cosine = load<f32>(angles + at);
    const sine = load<f32>(angles + half + at);
    const a = load<f32>(x + 2 * at);
    const b = load<f32>(x + 2 * at, 4);
    store<f32>(y + 2 * at, a * cosine - b * sine);
    store<f32>(y + 2 * at, b * cosine + a * sine, 4);
  }
}
