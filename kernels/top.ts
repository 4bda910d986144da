// The largest of each row, in order.

import { expOfRow } from './rows';

/**
 * The k largest of each row, the largest first, behind them their indices, and in the end Σ e^(x − largest): x `[m, n]`,
 * y `[m, 2·k + 1]`. NaN is above all, −0 below 0, and of equal ones the lower index stands in front. A row of fewer is
 * filled up with −∞ at index −1.
 */
export function topK(x: usize, y: usize, m: usize, n: usize, k: usize): void {
  for (let row: usize = 0; row < m; row++, x += n * 4, y += (2 * k + 1) * 4) {
    const indices = y + k * 4;
    for (let i: usize = 0; i < k; i++) {
      store<f32>(y + i * 4, <f32>Number.NEGATIVE_INFINITY);
      store<f32>(indices + i * 4, -1);
    }
    let count: usize = 0;
    for (let i: usize = 0; i < n; i++) {
      const value = load<f32>(x + i * 4);
      const order = orderOf(value);
      if (count === k && order <= orderOf(load<f32>(y + (k - 1) * 4))) continue;
      if (count < k) count++;
      let at = count - 1;
      for (; at > 0 && orderOf(load<f32>(y + (at - 1) * 4)) < order; at--) {
        store<f32>(y + at * 4, load<f32>(y + (at - 1) * 4));
        store<f32>(indices + at * 4, load<f32>(indices + (at - 1) * 4));
      }
      store<f32>(y + at * 4, value);
      store<f32>(indices + at * 4, <f32>i);
    }
    store<f32>(indices + k * 4, expOfRow(x, 0, n, load<f32>(y)));
  }
}

/** A float as an integer that compares as it does, NaN above all: shaders/order.wgsl has the same. */
function orderOf(x: f32): i32 {
  const bits = reinterpret<i32>(x);
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc00000;
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}
