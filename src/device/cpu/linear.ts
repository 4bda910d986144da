/** y = x·Wᵀ + b in TypeScript. */

import type { LinearShape } from '../../operations/operations.ts';

/** The operands of a product. y is overwritten. */
export interface LinearOperands {
  readonly x: Float32Array; // [M, K]
  readonly w: Float32Array; // [N, K]
  readonly b: Float32Array | null; // [N]
  readonly y: Float32Array; // [M, N]
}

/**
 * Walks over y in blocks of 2 × 4, whose eight sums fit into registers: 3.4 GFLOP/s a core, against 2.2 for 1 × 4 and
 * 3.5 for 4 × 4. At the edges a block repeats the last row or column, and stores the same value twice.
 *
 * Sums are float64 and run along K from its start to its end, in every block alike: an element of y has the same bits
 * wherever a cut along M or N puts it.
 */
export function linear({ x, w, b, y }: LinearOperands, { m, k, n }: LinearShape): void {
  for (let col = 0; col < n; col += 4) {
    const c0 = col;
    const c1 = Math.min(col + 1, n - 1);
    const c2 = Math.min(col + 2, n - 1);
    const c3 = Math.min(col + 3, n - 1);
    const b0 = b?.[c0] ?? 0;
    const b1 = b?.[c1] ?? 0;
    const b2 = b?.[c2] ?? 0;
    const b3 = b?.[c3] ?? 0;
    for (let row = 0; row < m; row += 2) {
      const r0 = row;
      const r1 = Math.min(row + 1, m - 1);
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0; i < k; i++) {
        const x0 = x[r0 * k + i] as number;
        const x1 = x[r1 * k + i] as number;
        const w0 = w[c0 * k + i] as number;
        const w1 = w[c1 * k + i] as number;
        const w2 = w[c2 * k + i] as number;
        const w3 = w[c3 * k + i] as number;
        s00 += x0 * w0;
        s01 += x0 * w1;
        s02 += x0 * w2;
        s03 += x0 * w3;
        s10 += x1 * w0;
        s11 += x1 * w1;
        s12 += x1 * w2;
        s13 += x1 * w3;
      }
      y[r0 * n + c0] = s00 + b0;
      y[r0 * n + c1] = s01 + b1;
      y[r0 * n + c2] = s02 + b2;
      y[r0 * n + c3] = s03 + b3;
      y[r1 * n + c0] = s10 + b0;
      y[r1 * n + c1] = s11 + b1;
      y[r1 * n + c2] = s12 + b2;
      y[r1 * n + c3] = s13 + b3;
    }
  }
}
