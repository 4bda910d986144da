/** What the benchmark can run: one face for collectives, layers and products. */

import type { BenchCheck } from '../../../protocol.ts';

export interface Measured {
  /** Of one iteration on this rank. */
  readonly flops: number;
  /** One iteration, enqueued: the caller waits for the device. */
  run(): Promise<void>;
  /** Runs once more, on inputs of which the result is known. */
  check(): Promise<BenchCheck>;
  free(): void;
}

/** Counts the elements that differ by more than `tolerance`; NaN differs from everything. */
export function compare(
  result: Float32Array,
  expected: (index: number) => number,
  tolerance: number,
): BenchCheck {
  let wrong = 0;
  let maxAbsError = 0;
  for (let i = 0; i < result.length; i++) {
    const error = Math.abs((result[i] as number) - expected(i));
    if (error > maxAbsError || Number.isNaN(error)) maxAbsError = error;
    if (!(error <= tolerance)) wrong++;
  }
  return { wrong, maxAbsError };
}
