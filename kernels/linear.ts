// y = x·Wᵀ + b, packed panels of x against rows of W: Goto & van de Geijn 2008, doi:10.1145/1356052.1356053.
//
// Lanes are rows of x. A panel holds eight or sixteen of them, element k of each beside the others, and each value of W is
// multiplied into all lanes. x is packed as a whole, being the smaller of the two; of W, which has no second copy, only
// the rows and the slab of K that a block reads next. It then reads both from one end to the other: with an address for
// each row of W an engine makes 38 instructions of twelve multiply-adds in place of 28, in six cycles, which a core keeps
// up with only while nobody shares it.
//
// Each element of y is one chain of multiply-adds along K from its start to its end, and then the bias: in every block
// alike. Between slabs of K it waits in memory, which changes no bit.

import { block4x16, block6x8, block6x8AsStored } from './blocks';

/** Floats of K in a slab: a block's rows of W and its panel of x stay in the first cache, 28 KiB in all. */
const SLAB: usize = 512;
/** With fewer panels, or wide ones, W is read as it is stored: to pack it would cost more than it saves. */
const LEAST_PANELS: usize = 4;
/** Rows of W whose products go to y at once: blocks of either height, and whole vectors of y. */
const STRIP: usize = 12;

/**
 * @param x `[m, k]`, rows `ldx` floats apart
 * @param w `[n, k]`
 * @param b `[n]`, or 0
 * @param y `[m, n]`, rows `ldy` floats apart
 * @param wide blocks of 4 × 16 in place of 6 × 8
 * @param rows of x that are packed at once, a multiple of 16
 * @param scratch 4 · rows · (k + 12) bytes, and 12,288
 */
export function linear(
  x: usize,
  w: usize,
  b: usize,
  y: usize,
  m: usize,
  k: usize,
  n: usize,
  ldx: usize,
  ldy: usize,
  wide: bool,
  rows: usize,
  scratch: usize,
): void {
  const width: usize = wide ? 16 : 8;
  const sums = scratch + rows * 4 * k; // [panels, STRIP, width]
  const near = sums + rows * 4 * STRIP; // [SLAB, 6]
  for (let row: usize = 0; row < m; row += rows) {
    const some = min(rows, m - row);
    const panels = (some + width - 1) / width;
    pack(x + row * 4 * ldx, some, k, ldx, width, panels, scratch);
    for (let col: usize = 0; col < n; col += STRIP) {
      const cols = min(STRIP, n - col);
      memory.fill(sums, 0, panels * 4 * STRIP * width);
      multiply(w + col * 4 * k, cols, k, wide, panels, scratch, sums, near);
      unpack(sums, width, some, cols, b === 0 ? 0 : b + col * 4, y + (row * ldy + col) * 4, ldy);
    }
  }
}

/** Panels `[panels, k, width]` of x `[rows, k]`; behind the last row it is repeated. Of a width of six the first four. */
function pack(x: usize, rows: usize, k: usize, ldx: usize, width: usize, panels: usize, to: usize): void {
  const stride = width * 4;
  for (let lane: usize = 0; lane + 4 <= panels * width; lane += 4) {
    const x0 = x + min(lane, rows - 1) * 4 * ldx;
    const x1 = x + min(lane + 1, rows - 1) * 4 * ldx;
    const x2 = x + min(lane + 2, rows - 1) * 4 * ldx;
    const x3 = x + min(lane + 3, rows - 1) * 4 * ldx;
    let at = to + (lane / width) * stride * k + (lane % width) * 4;
    let i: usize = 0;
    const end = k * 4;
    for (; i + 16 <= end; i += 16) {
      const a = v128.load(x0 + i);
      const b = v128.load(x1 + i);
      const c = v128.load(x2 + i);
      const d = v128.load(x3 + i);
      const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(at, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
      v128.store(at + stride, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
      v128.store(at + 2 * stride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
      v128.store(at + 3 * stride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
      at += stride * 4;
    }
    for (; i < end; i += 4) {
      store<f32>(at, load<f32>(x0 + i));
      store<f32>(at, load<f32>(x1 + i), 4);
      store<f32>(at, load<f32>(x2 + i), 8);
      store<f32>(at, load<f32>(x3 + i), 12);
      at += stride;
    }
  }
}

/** Of panels of six, the last two: rows a and b. */
function packTwo(a: usize, b: usize, k: usize, to: usize): void {
  const end = a + k * 4;
  for (const whole = a + (k & ~3) * 4; a < whole; a += 16, b += 16, to += 96) {
    const low = v128.shuffle<f32>(v128.load(a), v128.load(b), 0, 4, 1, 5);
    const high = v128.shuffle<f32>(v128.load(a), v128.load(b), 2, 6, 3, 7);
    v128.store64_lane(to, low, 0, 16);
    v128.store64_lane(to, low, 1, 40);
    v128.store64_lane(to, high, 0, 64);
    v128.store64_lane(to, high, 1, 88);
  }
  for (; a < end; a += 4, b += 4, to += 24) {
    store<f32>(to, load<f32>(a), 16);
    store<f32>(to, load<f32>(b), 20);
  }
}

/** A strip of `cols` rows of W against all panels. Behind the last row it is repeated, up to the end of a block. */
function multiply(
  w: usize,
  cols: usize,
  k: usize,
  wide: bool,
  panels: usize,
  x: usize,
  sums: usize,
  near: usize,
): void {
  const width: usize = wide ? 16 : 8;
  const height: usize = wide ? 4 : 6;
  const row = k * 4;
  const packs = !wide && panels >= LEAST_PANELS;
  for (let start: usize = 0; start < k; start += SLAB) {
    const length = min(SLAB, k - start);
    for (let col: usize = 0; col < cols; col += height) {
      const last = cols - col - 1;
      const w0 = w + (col * k + start) * 4;
      const w1 = w0 + min(1, last) * row;
      const w2 = w0 + min(2, last) * row;
      const w3 = w0 + min(3, last) * row;
      const w4 = w0 + min(4, last) * row;
      const w5 = w0 + min(5, last) * row;
      if (packs) {
        pack(w0, last + 1, length, k, height, 1, near);
        packTwo(w4, w5, length, near);
      }
      for (let panel: usize = 0; panel < panels; panel++) {
        const from = x + (panel * k + start) * 4 * width;
        const to = sums + (panel * STRIP + col) * 4 * width;
        if (wide) block4x16(from, length, to, w0, w1, w2, w3);
        else if (packs) block6x8(from, length, to, near);
        else block6x8AsStored(from, length, to, w0, w1, w2, w3, w4, w5);
      }
    }
  }
}

/** Sums `[panels, STRIP, width]` of a strip, with the bias, to where they belong in y. */
function unpack(sums: usize, width: usize, rows: usize, cols: usize, b: usize, y: usize, ldy: usize): void {
  const stride = width * 4;
  const ld = ldy * 4;
  for (let row: usize = 0; row < rows; row += 4, y += ld * 4) {
    const from = sums + (row / width) * STRIP * stride + (row % width) * 4;
    const whole = rows - row >= 4 ? cols & ~3 : 0;
    for (let col: usize = 0; col < whole; col += 4) {
      const at = from + col * stride;
      const to = y + col * 4;
      const s0 = v128.load(at);
      const s1 = v128.load(at + stride);
      const s2 = v128.load(at + 2 * stride);
      const s3 = v128.load(at + 3 * stride);
      const low01 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
      const bias = b === 0 ? f32x4.splat(0) : v128.load(b + col * 4);
      v128.store(to, f32x4.add(v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), bias));
      v128.store(to + ld, f32x4.add(v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), bias));
      v128.store(to + 2 * ld, f32x4.add(v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), bias));
      v128.store(to + 3 * ld, f32x4.add(v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), bias));
    }
    for (let col = whole; col < cols; col++) {
      const bias: f32 = b === 0 ? 0 : load<f32>(b + col * 4);
      for (let i: usize = 0; i < min(4, rows - row); i++) {
        const sum = load<f32>(from + col * stride + i * 4);
        store<f32>(y + i * ld + col * 4, sum + bias);
      }
    }
  }
}
