/** The operations that multiply by a weight. */

import { operations, type SizesOf } from '../../operations/operations.ts';
import type { Operations } from '../device.ts';
import { linear } from './linear.ts';
import type { Runner } from './runner.ts';

export function products(runner: Runner): Pick<Operations, 'linear' | 'linearPerHead'> {
  return {
    linear: (x, w, b) =>
      runner.compute('linear', operations.linear(x, w, b), [x, w, b], (sizes, y, xs, ws, bs) =>
        linear({ x: xs, w: ws, b: bs ?? null, y }, sizes),
      ),

    linearPerHead: (x, w) =>
      runner.compute('linearPerHead', operations.linearPerHead(x, w), [x, w], linearPerHead),
  };
}

/** Sums along K from its start to its end in float64, as {@link linear} does. */
function linearPerHead(
  { m, heads, k, n }: SizesOf<'linearPerHead'>,
  y: Float32Array, // [M, H·N]
  x: Float32Array, // [M, H·K]
  w: Float32Array, // [H, N, K]
): void {
  for (let row = 0; row < m; row++) {
    for (let col = 0; col < heads * n; col++) {
      const xAt = (row * heads + Math.floor(col / n)) * k;
      const wAt = col * k; // rows of all heads of W lie one after another, as the columns of y do
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (x[xAt + i] as number) * (w[wAt + i] as number);
      y[row * heads * n + col] = sum;
    }
  }
}
