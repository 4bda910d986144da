import { memo, useMemo } from 'react';
import { timeChartHeight } from '#ui/charts/axis.ts';
import { ChartBody } from '#ui/charts/ChartBody.tsx';
import { filled, Legend } from '#ui/charts/Legend.tsx';
import type { TimeSeries } from '#ui/charts/TimeChart.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import bench from '../bench.module.css';
import { useBench } from '../useBench.ts';
import { type Drawn, layerOf, timeRows } from './scaling.ts';

const SERIES: readonly TimeSeries[] = [
  { id: 'compute', label: 'compute', fill: 'var(--r0)' },
  { id: 'ring', label: 'ring', fill: 'var(--r1)' },
  { id: 'wait', label: 'wait', fill: 'var(--wait)' },
  { id: 'rest', label: 'the rest of the median', fill: 'var(--panel)', stroke: 'var(--edge)' },
];

/** Pixels, from where on the rows scroll unless there is room for more. */
const TALL = 340;
/** Room for the sentence that stands in for them. */
const EMPTY = 200;

/** More would take a second to draw; the table has them all. */
const MOST_ROWS = 40;

/** What a call of the chosen layer was made of, for each way to run it. */
export const TimePartsPanel = memo(function TimePartsPanel({ drawn }: { readonly drawn: Drawn }) {
  const layer = layerOf(
    drawn,
    useBench((state) => state.view.layer),
  );
  const all = useMemo(() => timeRows(drawn.runs, layer?.key ?? ''), [drawn, layer]);
  const rows = useMemo(() => all.slice(0, MOST_ROWS), [all]);
  // Ranks on one device have no ring, and one rank waits for none.
  const series = useMemo(() => SERIES.filter(({ id }) => rows.some(({ ms }) => (ms[id] ?? 0) > 0)), [rows]);
  const height = rows.length === 0 ? EMPTY : Math.min(TALL, timeChartHeight(rows.length) + 20);
  const longest = Math.max(0, ...rows.map(({ label }) => label.length));
  return (
    <Panel
      title="Where the time goes"
      hint={[
        ...(rows.length === 0 ? [] : [layer?.label ?? '']),
        'milliseconds a call',
        ...(all.length > rows.length ? [`the first ${rows.length} of ${all.length}`] : []),
      ].join(', ')}
      className={bench['chart']}
    >
      {rows.length > 0 && <Legend entries={filled(series)} />}
      <div className={bench['tall']} style={{ flexBasis: height }}>
        <ChartBody empty={rows.length === 0 ? 'Run the layers to see what a call is made of.' : null}>
          {({ TimeChart }) => (
            <TimeChart series={series} rows={rows} labelWidth={Math.min(230, 16 + 6.8 * longest)} />
          )}
        </ChartBody>
      </div>
    </Panel>
  );
});
