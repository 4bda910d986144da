/** Which results others may be built on: fits, findings and comparisons take no time that is wrong or throttled. */

import type { BenchResult } from '../../bench/record.ts';
import { relativeSpread } from '../../numerics/statistics.ts';

/** Whether it ran; a wrong result has a time all the same. */
export function isMeasured({ samplesMs, medianMs }: BenchResult): boolean {
  return samplesMs.length > 0 && medianMs > 0;
}

/** Whether it ran, was right, and was measured in a tab that could be seen. */
export function isTrusted(result: BenchResult): boolean {
  return isMeasured(result) && doubtOf(result) === '';
}

/** Why the time of a result is not to be built on; '' where it is. */
export function doubtOf({ wrong, ok, note }: BenchResult): string {
  if (wrong > 0) return `${wrong} ${wrong === 1 ? 'element is' : 'elements are'} wrong`;
  if (!ok) return note === '' ? 'its check failed' : note;
  // A wide spread alone is marked "unreliable"; behind a colon stands what made every sample unreliable.
  return note.startsWith(REASON) ? note.slice(REASON.length) : '';
}

const REASON = 'unreliable: ';

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
