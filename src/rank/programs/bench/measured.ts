/** What the benchmark can run: one face for collectives, layers and products. */

import type { BenchCheck } from '../../../protocol.ts';

export interface Measured {
  /** Of one run on this rank. */
  readonly flops: number;
  /** Runs that may be enqueued before the device is waited for; 1 where a run waits itself. */
  readonly atOnce: number;
  /** Runs once, enqueued: the caller waits for the device. */
  run(): Promise<void>;
  /** Runs once more, on inputs of which the result is known. */
  check(): Promise<BenchCheck>;
  free(): void;
}

/** What a result has to be, element by element. */
export interface Expected {
  readonly length: number;
  value(index: number): number;
  /** How far the element may lie from it. */
  tolerance(index: number): number;
}

/** Counts the elements that are not as expected. NaN differs from everything, and so does what is missing or too much. */
export function compare(result: Float32Array, expected: Expected): BenchCheck {
  let wrong = 0;
  let maxAbsError = 0;
  const length = Math.max(result.length, expected.length);
  for (let i = 0; i < length; i++) {
    const there = i < Math.min(result.length, expected.length);
    const error = there ? Math.abs((result[i] as number) - expected.value(i)) : Number.NaN;
    if (error > maxAbsError || Number.isNaN(error)) maxAbsError = error;
    if (!(error <= expected.tolerance(i))) wrong++;
  }
  return { wrong, maxAbsError };
}
