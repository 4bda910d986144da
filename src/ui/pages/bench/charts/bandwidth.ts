/** Bandwidth of a collective over the size of its buffer. */

import { groupBy } from '#base/groupBy.ts';
import type { BenchResult } from '#bench/record.ts';
import type { CollectiveOp } from '#collectives/kinds.ts';
import { isMeasured } from '#lab/bench/trust.ts';
import type { NamedSeries } from '#ui/charts/XYChart.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatMs } from '#ui/format.ts';
import { formatBandwidth } from '#ui/units.ts';
import type { DrawnRun } from '../drawn.ts';
import { markOf, runLabel, styleOf, wayLabel } from '../series.ts';

/** Numbers of ranks with which the collective was measured. */
export function ranksOf(runs: readonly DrawnRun[], op: CollectiveOp): number[] {
  const ranks = runs.flatMap(({ results }) => results.filter(isOf(op)).map(({ worldSize }) => worldSize));
  return [...new Set(ranks)].toSorted((a, b) => a - b);
}

export function bandwidthSeries(
  runs: readonly DrawnRun[],
  op: CollectiveOp,
  worldSize: number,
): NamedSeries[] {
  return runs.flatMap((run) => {
    const cells = run.results.filter((result) => isOf(op)(result) && result.worldSize === worldSize);
    return [...groupBy(cells, wayLabel)].flatMap(([label, own]): NamedSeries[] => {
      const [first] = own;
      if (first === undefined) return [];
      const name = runLabel(label, run.name);
      return [
        {
          id: `${run.id} ${label}`,
          label: name,
          color: styleOf(first).color,
          mark: markOf(first),
          overlay: run.overlay,
          line: true,
          points: own
            .toSorted((a, b) => a.bytes - b.bytes)
            .map(({ bytes, busBwGBs, algBwGBs, medianMs }) => ({
              x: bytes,
              y: busBwGBs,
              title: `${name}, ${formatBytes(bytes)}`,
              text: `busBw ${formatBandwidth(busBwGBs)}, algBw ${formatBandwidth(algBwGBs)}, ${formatMs(medianMs)} on ${counted(worldSize, 'rank')}`,
            })),
        },
      ];
    });
  });
}

function isOf(op: CollectiveOp): (result: BenchResult) => boolean {
  return (result) => result.op === op && isMeasured(result) && result.busBwGBs > 0;
}
