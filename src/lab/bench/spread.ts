/** How far a result's samples lie apart. They are many and never change, so each is looked at once. */

import type { BenchResult } from '../../bench/record.ts';
import { NOISY, type Reliability, relativeSpread, UNRELIABLE } from '../../numerics/statistics.ts';

const spreads = new WeakMap<BenchResult, number>();

/** The middle half of the samples over their median. */
export function spreadOf(result: BenchResult): number {
  const known = spreads.get(result);
  if (known !== undefined) return known;
  const spread = relativeSpread(result.samplesMs);
  spreads.set(result, spread);
  return spread;
}

/** Takes over what somebody else computed: the worker that read the result has time for it. */
export function knowSpread(result: BenchResult, spread: number): void {
  spreads.set(result, spread);
}

export function reliabilityOf(result: BenchResult): Reliability {
  const spread = spreadOf(result);
  if (!(spread <= UNRELIABLE)) return 'unreliable';
  return spread > NOISY ? 'noisy' : 'steady';
}
