import { memo, useMemo, useState } from 'react';
import { GPUS } from '#machines/gpus.ts';
import { powerTicks } from '#ui/charts/axis.ts';
import { ChartBody } from '#ui/charts/ChartBody.tsx';
import { Legend, marked } from '#ui/charts/Legend.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { Select } from '#ui/components/Select.tsx';
import bench from '../bench.module.css';
import { datasheetRoof, measuredRoofs, roofSeries } from './roofline.ts';
import type { Drawn } from './scaling.ts';

/** Kernels against what their machine was seen to do, and if one likes against a datasheet. */
export const RoofPanel = memo(function RoofPanel({ drawn: { runs } }: { readonly drawn: Drawn }) {
  const [gpuId, setGpuId] = useState('');
  const gpu = GPUS.find(({ id }) => id === gpuId);
  const series = useMemo(() => roofSeries(runs), [runs]);
  const points = series.flatMap((one) => one.points);
  const xs = powerTicks(
    points.map(({ x }) => x),
    4,
  );
  const own = useMemo(
    () => measuredRoofs(runs.find(({ overlay }) => !overlay)?.results ?? [], xs),
    [runs, xs],
  );
  const references = gpu === undefined ? own : [...own, datasheetRoof(gpu, xs)];
  const ys = [...points.map(({ y }) => y), ...references.flatMap((one) => one.points.map(({ y }) => y))];
  return (
    <Panel title="Against the roof" hint="products on one rank, over FLOP a byte" className={bench['chart']}>
      {series.length > 0 && (
        <div className={`row gap-2 ${bench['choices']}`}>
          <Select
            label="Roof of a GPU"
            value={gpuId}
            options={[
              { value: '', label: 'roof: as this run measured' },
              ...GPUS.map(({ id, label }) => ({ value: id, label: `and ${label}, datasheet` })),
            ]}
            onChange={setGpuId}
          />
        </div>
      )}
      {series.length > 0 && <Legend entries={marked(series, references)} />}
      <ChartBody
        empty={series.length === 0 ? 'Run the kernels to see them against what this machine can.' : null}
      >
        {({ XYChart }) => (
          <XYChart
            x={{ label: 'FLOP / byte', log: true, ticks: xs, format: plain }}
            y={{ label: 'GFLOP/s', log: true, ticks: powerTicks(ys, 10), format: plain }}
            series={series}
            references={references.map((roof) => ({ ...roof, label: '' }))}
          />
        )}
      </ChartBody>
      {series.length > 0 && (
        <p className="faint pad-below">
          The dotted roof is the most that this run measured, in FLOP and in bytes a second: a lower bound of
          what its machine can.{gpu !== undefined && ` ${gpu.label}: ${gpu.source}.`}
        </p>
      )}
    </Panel>
  );
});

/** Powers in digits. */
function plain(value: number): string {
  return value >= 1e4 ? `${Math.round(value / 1000)}k` : String(Number(value.toPrecision(3)));
}
