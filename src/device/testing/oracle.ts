/** Seeded operands, and how near a product of them is to the float64 one. */

import { check, exactLinear, exactly } from '../../numerics/oracle.ts';
import { uniform } from '../../numerics/random.ts';
import type { LinearShape } from '../../operations/operations.ts';

/** `length` values in [−1, 1), exact in float32. */
export function values(seed: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => uniform(seed, i));
}

/** The operands of a product with seeded values. */
export function operands({ m, k, n }: LinearShape): { x: Float32Array; w: Float32Array; b: Float32Array } {
  return { x: values(1, m * k), w: values(2, n * k), b: values(3, n) };
}

/** The largest |error| ÷ bound over all elements of y: at most 1 where y is right, infinite where y holds a NaN. */
export function worstError(
  y: Float32Array,
  { x, w, b }: { x: Float32Array; w: Float32Array; b?: Float32Array },
  { m, k, n }: LinearShape,
): number {
  const exact = exactLinear(
    exactly(m, k, x),
    { start: 0, end: n },
    (row, into) => into.set(w.subarray(row * k, (row + 1) * k)),
    b === undefined ? null : (col) => b[col] as number,
  );
  return check(y, exact, k + 2).worstRatio; // K products and sums, and the bias
}
