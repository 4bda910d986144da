/** How long each rank computed, moved and waited, in sums over its lanes. */

import type { ClockModel, LaneName } from '#ui/clock/stretch.ts';

export type LaneTotals = Readonly<Record<LaneName, number>>;

/** By rank, in milliseconds. */
export function laneTotals({
  stretches,
  worldSize,
}: Pick<ClockModel, 'stretches' | 'worldSize'>): LaneTotals[] {
  const totals = Array.from({ length: worldSize }, () => ({ device: 0, comm: 0, wait: 0 }));
  for (const { span, lane, startMs, endMs } of stretches) {
    const own = totals[span.rank];
    if (own !== undefined) own[lane] += endMs - startMs;
  }
  return totals;
}
