import { memo, useMemo } from 'react';
import { COLLECTIVES, type CollectiveOp } from '#collectives/kinds.ts';
import { powerTicks } from '#ui/charts/axis.ts';
import { ChartBody } from '#ui/charts/ChartBody.tsx';
import { Legend, marked } from '#ui/charts/Legend.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { Select } from '#ui/components/Select.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import bench from '../bench.module.css';
import { opLabel } from '../series.ts';
import { useBench } from '../useBench.ts';
import { bandwidthSeries, ranksOf } from './bandwidth.ts';
import type { Drawn } from './scaling.ts';

/** What the ring moves, by the size of what it is given. */
export const BandwidthPanel = memo(function BandwidthPanel({ drawn: { runs } }: { readonly drawn: Drawn }) {
  const look = useBench((state) => state.look);
  const wanted = useBench((state) => state.view.collective);
  const wantedRanks = useBench((state) => state.view.ranks);
  const ops = useMemo(() => COLLECTIVES.filter((one) => ranksOf(runs, one).length > 0), [runs]);
  const op: CollectiveOp = ops.includes(wanted) ? wanted : (ops[0] ?? wanted);
  const ranks = useMemo(() => ranksOf(runs, op), [runs, op]);
  // The most that the run that is shown has; what was laid over it may have more.
  const most = ranksOf(runs.slice(0, 1), op).at(-1) ?? ranks.at(-1) ?? 1;
  const worldSize = wantedRanks !== null && ranks.includes(wantedRanks) ? wantedRanks : most;
  const series = useMemo(() => bandwidthSeries(runs, op, worldSize), [runs, op, worldSize]);
  const points = series.flatMap((one) => one.points);
  const sizes = powerTicks(
    points.map(({ x }) => x),
    4,
  );
  return (
    <Panel title="Bandwidth" hint="busBw over the size of the buffer" className={bench['chart']}>
      {ops.length > 0 && (
        <div className={`row gap-2 ${bench['choices']}`}>
          <Select
            label="Collective of the chart"
            value={op}
            options={ops.map((one) => ({ value: one, label: opLabel(one) }))}
            onChange={(collective) => look({ collective })}
          />
          <Select
            label="Ranks of the chart"
            value={worldSize}
            options={ranks.map((one) => ({ value: one, label: counted(one, 'rank') }))}
            onChange={(wanted) => look({ ranks: wanted })}
          />
        </div>
      )}
      {series.length > 0 && <Legend entries={marked(series)} />}
      <ChartBody
        empty={series.length === 0 ? 'Run the ring, on two ranks or more, to see what it moves.' : null}
      >
        {({ XYChart }) => (
          <XYChart
            x={{ label: 'buffer', log: true, ticks: sizes, format: formatBytes }}
            y={{
              label: 'a second',
              log: true,
              ticks: powerTicks(
                points.map(({ y }) => y),
                10,
              ),
              format: formatTraffic,
            }}
            series={series}
            references={[]}
          />
        )}
      </ChartBody>
    </Panel>
  );
});

const SMALLEST = [1e6, 'kB'] as const;
const UNITS = [[1e-3, 'TB'], [1, 'GB'], [1e3, 'MB'], SMALLEST] as const;

/** 1e-3 GB is 1 MB. */
function formatTraffic(gigabytes: number): string {
  const [scale, unit] = UNITS.find(([own]) => gigabytes * own >= 0.999) ?? SMALLEST;
  return `${Number((gigabytes * scale).toPrecision(3))} ${unit}`;
}
