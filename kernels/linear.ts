// y = x·Wᵀ + b, packed panels of x against rows of W: Goto & van de Geijn 2008, doi:10.1145/1356052.1356053.
//
// Lanes are rows of x. A panel holds eight or sixteen of them, element k of each beside the others; W is read as it lies, each of its
// values multiplied into all lanes. So it is x that is packed, the smaller of the two, and a weight has no second copy.
//
// Each element of y is one chain of multiply-adds along K from its start to its end, and then the bias: in every block
// alike. Between slabs of K it waits in memory, which changes no bit.

import { fma } from './simd';

/** Floats of K in a slab: a block's rows of W and its panel of x stay in the first cache, 28 KiB in all. */
const SLAB: usize = 512;
/** Rows of W whose products go to y at once: blocks of either height, and whole vectors of y. */
const STRIP: usize = 12;

/**
 * @param x `[m, k]`, rows `ldx` floats apart
 * @param w `[n, k]`
 * @param b `[n]`, or 0
 * @param y `[m, n]`, rows `ldy` floats apart
 * @param wide blocks of 4 × 16 in place of 6 × 8
 * @param rows of x that are packed at once, a multiple of 16
 * @param scratch 4 · rows · (k + 12) bytes
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
  for (let row: usize = 0; row < m; row += rows) {
    const some = min(rows, m - row);
    const panels = (some + width - 1) / width;
    pack(x + row * 4 * ldx, some, k, ldx, width, panels, scratch);
    for (let col: usize = 0; col < n; col += STRIP) {
      const cols = min(STRIP, n - col);
      memory.fill(sums, 0, panels * 4 * STRIP * width);
      multiply(w + col * 4 * k, cols, k, wide, panels, scratch, sums);
      unpack(sums, width, some, cols, b === 0 ? 0 : b + col * 4, y + (row * ldy + col) * 4, ldy);
    }
  }
}

/** Panels `[panels, k, width]` of x `[rows, k]`; behind the last row it is repeated. */
function pack(x: usize, rows: usize, k: usize, ldx: usize, width: usize, panels: usize, to: usize): void {
  const stride = width * 4;
  for (let lane: usize = 0; lane < panels * width; lane += 4) {
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

/** A strip of `cols` rows of W against all panels. Behind the last row it is repeated, up to the end of a block. */
function multiply(w: usize, cols: usize, k: usize, wide: bool, panels: usize, x: usize, sums: usize): void {
  const width: usize = wide ? 16 : 8;
  const height: usize = wide ? 4 : 6;
  const row = k * 4;
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
      for (let panel: usize = 0; panel < panels; panel++) {
        const from = x + (panel * k + start) * 4 * width;
        const to = sums + (panel * STRIP + col) * 4 * width;
        if (wide) block4x16(from, length, to, w0, w1, w2, w3);
        else block6x8(from, length, to, w0, w1, w2, w3, w4, w5);
      }
    }
  }
}

// Blocks are exported so that the compiler does not put them into `multiply`: an engine optimises what is called often, and
// a first product would be over before.

/** 6 rows of W by 8 of x: twelve sums and what they are made of fill sixteen registers, as x64 has them. */
export function block6x8(
  x: usize,
  k: usize,
  sums: usize,
  w0: usize,
  w1: usize,
  w2: usize,
  w3: usize,
  w4: usize,
  w5: usize,
): void {
  let a0 = v128.load(sums, 0);
  let a1 = v128.load(sums, 16);
  let b0 = v128.load(sums, 32);
  let b1 = v128.load(sums, 48);
  let c0 = v128.load(sums, 64);
  let c1 = v128.load(sums, 80);
  let d0 = v128.load(sums, 96);
  let d1 = v128.load(sums, 112);
  let e0 = v128.load(sums, 128);
  let e1 = v128.load(sums, 144);
  let f0 = v128.load(sums, 160);
  let f1 = v128.load(sums, 176);
  for (const end = w0 + k * 4; w0 < end; w0 += 4) {
    const x0 = v128.load(x, 0);
    const x1 = v128.load(x, 16);
    let value = v128.load32_splat(w0);
    a0 = fma(value, x0, a0);
    a1 = fma(value, x1, a1);
    value = v128.load32_splat(w1);
    b0 = fma(value, x0, b0);
    b1 = fma(value, x1, b1);
    value = v128.load32_splat(w2);
    c0 = fma(value, x0, c0);
    c1 = fma(value, x1, c1);
    value = v128.load32_splat(w3);
    d0 = fma(value, x0, d0);
    d1 = fma(value, x1, d1);
    value = v128.load32_splat(w4);
    e0 = fma(value, x0, e0);
    e1 = fma(value, x1, e1);
    value = v128.load32_splat(w5);
    f0 = fma(value, x0, f0);
    f1 = fma(value, x1, f1);
    x += 32;
    w1 += 4;
    w2 += 4;
    w3 += 4;
    w4 += 4;
    w5 += 4;
  }
  v128.store(sums, a0, 0);
  v128.store(sums, a1, 16);
  v128.store(sums, b0, 32);
  v128.store(sums, b1, 48);
  v128.store(sums, c0, 64);
  v128.store(sums, c1, 80);
  v128.store(sums, d0, 96);
  v128.store(sums, d1, 112);
  v128.store(sums, e0, 128);
  v128.store(sums, e1, 144);
  v128.store(sums, f0, 160);
  v128.store(sums, f1, 176);
}

/** 4 rows of W by 16 of x: sixteen sums keep four units busy, where there are thirty-two registers (ARM). */
export function block4x16(x: usize, k: usize, sums: usize, w0: usize, w1: usize, w2: usize, w3: usize): void {
  let a0 = v128.load(sums, 0);
  let a1 = v128.load(sums, 16);
  let a2 = v128.load(sums, 32);
  let a3 = v128.load(sums, 48);
  let b0 = v128.load(sums, 64);
  let b1 = v128.load(sums, 80);
  let b2 = v128.load(sums, 96);
  let b3 = v128.load(sums, 112);
  let c0 = v128.load(sums, 128);
  let c1 = v128.load(sums, 144);
  let c2 = v128.load(sums, 160);
  let c3 = v128.load(sums, 176);
  let d0 = v128.load(sums, 192);
  let d1 = v128.load(sums, 208);
  let d2 = v128.load(sums, 224);
  let d3 = v128.load(sums, 240);
  for (const end = w0 + k * 4; w0 < end; w0 += 4) {
    const x0 = v128.load(x, 0);
    const x1 = v128.load(x, 16);
    const x2 = v128.load(x, 32);
    const x3 = v128.load(x, 48);
    let value = v128.load32_splat(w0);
    a0 = fma(value, x0, a0);
    a1 = fma(value, x1, a1);
    a2 = fma(value, x2, a2);
    a3 = fma(value, x3, a3);
    value = v128.load32_splat(w1);
    b0 = fma(value, x0, b0);
    b1 = fma(value, x1, b1);
    b2 = fma(value, x2, b2);
    b3 = fma(value, x3, b3);
    value = v128.load32_splat(w2);
    c0 = fma(value, x0, c0);
    c1 = fma(value, x1, c1);
    c2 = fma(value, x2, c2);
    c3 = fma(value, x3, c3);
    value = v128.load32_splat(w3);
    d0 = fma(value, x0, d0);
    d1 = fma(value, x1, d1);
    d2 = fma(value, x2, d2);
    d3 = fma(value, x3, d3);
    x += 64;
    w1 += 4;
    w2 += 4;
    w3 += 4;
  }
  v128.store(sums, a0, 0);
  v128.store(sums, a1, 16);
  v128.store(sums, a2, 32);
  v128.store(sums, a3, 48);
  v128.store(sums, b0, 64);
  v128.store(sums, b1, 80);
  v128.store(sums, b2, 96);
  v128.store(sums, b3, 112);
  v128.store(sums, c0, 128);
  v128.store(sums, c1, 144);
  v128.store(sums, c2, 160);
  v128.store(sums, c3, 176);
  v128.store(sums, d0, 192);
  v128.store(sums, d1, 208);
  v128.store(sums, d2, 224);
  v128.store(sums, d3, 240);
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
