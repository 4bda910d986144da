/** What the benchmark can run: one face for collectives, layers and products. */

import type { Checked } from '../../../protocol/bench.ts';

/** The clock of an isolated page has steps of 5 µs: of an iteration as long as this, half a percent. */
const FILLS_CLOCK_MS = 1;
/** To wait for a GPU takes up to a millisecond. */
const FILLS_WAIT_MS = 20;
/** Bytes of results that may be on their way at once: they are freed, but a GPU keeps them until it has written them. */
const MAX_PENDING_BYTES = 2 ** 28;

export interface Measured {
  /** Of one run on this rank. */
  readonly flops: number;
  readonly pace: Pace;
  /** Runs once, enqueued: the caller waits for the device. */
  run(): Promise<void>;
  /** Runs once more, on inputs of which the result is known. */
  check(): Promise<Checked>;
  free(): void;
}

/** How many runs make an iteration: until it lasts `iterationMs`, and at most `atOnce`. */
export interface Pace {
  readonly atOnce: number;
  readonly iterationMs: number;
}

/**
 * @param queues whether runs can pile up on the device before it is waited for
 * @param most runs of which the trace still holds every operation
 * @param bytes what a run writes on the device
 */
export function paceOf(queues: boolean, most: number, bytes: number): Pace {
  return {
    atOnce: Math.max(1, Math.min(most, Math.floor(MAX_PENDING_BYTES / Math.max(1, bytes)))),
    iterationMs: queues ? FILLS_WAIT_MS : FILLS_CLOCK_MS,
  };
}

/** What a result has to be, element by element. */
export interface ExpectedElements {
  readonly length: number;
  value(index: number): number;
  /** How far the element may lie from it. */
  tolerance(index: number): number;
}

/** Counts the elements that are not as expected. NaN differs from everything, and so does what is missing or too much. */
export function compareElements(result: Float32Array, expected: ExpectedElements): Checked {
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
