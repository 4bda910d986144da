import type { Interval } from '#numerics/statistics.ts';

/** "0.990 … 1.012"; "0 … ∞" of single times, which say nothing of the next. */
export function intervalText({ low, high }: Interval): string {
  return high === Number.POSITIVE_INFINITY ? '0 … ∞' : `${low.toFixed(3)} … ${high.toFixed(3)}`;
}
