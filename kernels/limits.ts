// What a core can do at most, for a benchmark to hold the kernels against. No part of the page.

import { fma } from './simd';

/** `count` rounds of twelve multiply-adds of four lanes that wait for nothing but their like. `at` has room for a vector. */
export function multiplyAdd(at: usize, count: usize): void {
  const x = v128.load(at);
  let a = x;
  let b = x;
  let c = x;
  let d = x;
  let e = x;
  let f = x;
  let g = x;
  let h = x;
  let i = x;
  let j = x;
  let k = x;
  let l = x;
  for (; count > 0; count--) {
    a = fma(x, x, a);
    b = fma(x, x, b);
    c = fma(x, x, c);
    d = fma(x, x, d);
    e = fma(x, x, e);
    f = fma(x, x, f);
    g = fma(x, x, g);
    h = fma(x, x, h);
    i = fma(x, x, i);
    j = fma(x, x, j);
    k = fma(x, x, k);
    l = fma(x, x, l);
  }
  const abcd = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const efgh = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  const ijkl = f32x4.add(f32x4.add(i, j), f32x4.add(k, l));
  v128.store(at, f32x4.add(abcd, f32x4.add(efgh, ijkl)));
}

export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}
