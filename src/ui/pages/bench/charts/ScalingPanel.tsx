import { memo, useMemo } from 'react';
import { linearTicks } from '#ui/charts/axis.ts';
import { ChartBody } from '#ui/charts/ChartBody.tsx';
import { Legend, marked } from '#ui/charts/Legend.tsx';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { Select } from '#ui/components/Select.tsx';
import { digits } from '#ui/units.ts';
import bench from '../bench.module.css';
import { useBench } from '../useBench.ts';
import { type Drawn, layerOf, type MeasuredLayer, scalingSeries } from './scaling.ts';

const NEEDS = 'Run the layers on one rank and on more to see how they scale.';

/** How much faster more ranks are, or how well they are used. */
export const ScalingPanel = memo(function ScalingPanel({ drawn }: { readonly drawn: Drawn }) {
  const { runs, layers } = drawn;
  const look = useBench((state) => state.look);
  const mode = useBench((state) => state.view.scaling);
  const layer =
    layerOf(
      drawn,
      useBench((state) => state.view.layer),
    )?.key ?? '';
  const series = useMemo(() => scalingSeries(runs, layer, mode), [runs, layer, mode]);
  const points = series.flatMap((one) => one.points);
  const ranks = [...new Set([1, ...points.map(({ x }) => x)])].toSorted((a, b) => a - b);
  const most = ranks.at(-1) ?? 1;
  const empty = series.length === 0 || most === 1;
  const top = Math.max(1, ...points.map(({ y }) => y));
  const yTicks = linearTicks(mode === 'efficiency' ? top : Math.min(most, top * 1.3));
  const ceiling = yTicks.at(-1) ?? 1;
  const ideal =
    mode === 'efficiency'
      ? [
          { x: 1, y: 1 },
          { x: most, y: 1 },
        ]
      : [
          { x: 1, y: 1 },
          { x: Math.min(most, ceiling), y: Math.min(most, ceiling) },
        ];
  return (
    <Panel
      title="Scaling"
      hint={mode === 'speed-up' ? 'times as fast as one rank' : 'speed-up a rank'}
      action={
        <Segmented
          inHead
          label="Shown as"
          value={mode}
          options={[
            { value: 'speed-up', label: 'Speed-up' },
            { value: 'efficiency', label: 'Efficiency' },
          ]}
          onChange={(scaling) => look({ scaling })}
        />
      }
      className={bench['chart']}
    >
      <LayerSelect layers={layers} layer={layer} />
      {!empty && <Legend entries={marked(series)} />}
      <ChartBody empty={empty ? NEEDS : null}>
        {({ XYChart }) => (
          <XYChart
            x={{ label: 'ranks', log: false, ticks: ranks, format: String }}
            y={{ label: mode === 'speed-up' ? '×' : '', log: false, ticks: yTicks, format: digitsOf }}
            series={series}
            references={[{ id: 'ideal', label: 'ideal', points: ideal }]}
          />
        )}
      </ChartBody>
    </Panel>
  );
});

interface LayerSelectProps {
  readonly layers: readonly MeasuredLayer[];
  readonly layer: string;
}

function LayerSelect({ layers, layer }: LayerSelectProps) {
  const look = useBench((state) => state.look);
  if (layers.length < 2) return null;
  return (
    <div className={`row gap-2 ${bench['choices']}`}>
      <Select
        label="Layer of the charts"
        value={layer}
        options={layers.map(({ key, ...choice }) => ({ value: key, ...choice }))}
        onChange={(key) => look({ layer: key })}
      />
    </div>
  );
}

function digitsOf(value: number): string {
  return value === 0 ? '0' : String(Number(digits(value)));
}
