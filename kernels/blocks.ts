// Blocks of y: so many rows of W by so many of x, along a slab of K. Sums `[rows of W, rows of x]` wait in memory between
// slabs; x is a panel `[k, rows of x]`, and W is packed as `[k, rows of W]`, or lies as it is stored.
//
// They are exported so that the compiler does not put them into what calls them: an engine optimises what is called often,
// and a first product would be over before.

import { fma } from './simd';

/** 6 rows of packed W by 8 of x: twelve sums and what they are made of fill sixteen registers, as x64 has them. */
export function block6x8(x: usize, k: usize, sums: usize, w: usize): void {
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
  for (const end = x + k * 32; x < end; x += 32, w += 24) {
    const x0 = v128.load(x, 0);
    const x1 = v128.load(x, 16);
    let value = v128.load32_splat(w, 0);
    a0 = fma(value, x0, a0);
    a1 = fma(value, x1, a1);
    value = v128.load32_splat(w, 4);
    b0 = fma(value, x0, b0);
    b1 = fma(value, x1, b1);
    value = v128.load32_splat(w, 8);
    c0 = fma(value, x0, c0);
    c1 = fma(value, x1, c1);
    value = v128.load32_splat(w, 12);
    d0 = fma(value, x0, d0);
    d1 = fma(value, x1, d1);
    value = v128.load32_splat(w, 16);
    e0 = fma(value, x0, e0);
    e1 = fma(value, x1, e1);
    value = v128.load32_splat(w, 20);
    f0 = fma(value, x0, f0);
    f1 = fma(value, x1, f1);
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

/** The same, of rows of W as they are stored. */
export function block6x8AsStored(
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
