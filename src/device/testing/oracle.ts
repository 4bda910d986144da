/** What `linear` should give, in float64, and how far a float32 product may lie from it. */

import { uniform } from '../../math/random.ts';
import type { LinearShape } from '../shapes.ts';

/** `length` values in [−1, 1), exact in float32. */
export function values(seed: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => uniform(seed, i));
}

/** The operands of a product with seeded values. */
export function operands({ m, k, n }: LinearShape): { x: Float32Array; w: Float32Array; b: Float32Array } {
  return { x: values(1, m * k), w: values(2, n * k), b: values(3, n) };
}

/**
 * The largest |error| ÷ bound over all elements of y, at most 1 where y is right; NaN where y holds one.
 * The bound is γ_(K+2) · (|x|·|w|ᵀ + |b|), γ_n = n·u ÷ (1 − n·u), u = 2⁻²⁴, which holds for sums in any order (Higham,
 * Accuracy and Stability of Numerical Algorithms, §3.1).
 */
export function worstError(
  y: Float32Array,
  { x, w, b }: { x: Float32Array; w: Float32Array; b?: Float32Array },
  { m, k, n }: LinearShape,
): number {
  const u = 2 ** -24;
  const gamma = ((k + 2) * u) / (1 - (k + 2) * u);
  let worst = 0;
  for (let row = 0; row < m; row++) {
    for (let col = 0; col < n; col++) {
      let sum = b?.[col] ?? 0;
      let magnitude = Math.abs(sum);
      for (let i = 0; i < k; i++) {
        const product = at(x, row * k + i) * at(w, col * k + i);
        sum += product;
        magnitude += Math.abs(product);
      }
      const error = Math.abs(at(y, row * n + col) - sum);
      if (error > 0 || Number.isNaN(error)) worst = Math.max(worst, error / (gamma * magnitude));
    }
  }
  return worst;
}

function at(data: Float32Array, index: number): number {
  const value = data[index];
  if (value === undefined) throw new Error(`no element ${index} in ${data.length}`);
  return value;
}
