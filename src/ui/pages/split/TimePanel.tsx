import { lazy, Suspense, useMemo } from 'react';
import { timeChartHeight } from '#ui/charts/axis.ts';
import { filled, Legend } from '#ui/charts/Legend.tsx';
import type { TimeRow, TimeSeries } from '#ui/charts/TimeChart.tsx';
import { useSettled } from '#ui/components/inTime.ts';
import { useSeen } from '#ui/components/onScreen.ts';
import { Panel } from '#ui/components/Panel.tsx';
import css from './split.module.css';
import { useSplit } from './useSplit.ts';

/** The charts' library is large, and nothing above needs it. */
const TimeChart = lazy(async () => ({ default: (await import('#ui/charts/TimeChart.tsx')).TimeChart }));

const SERIES: readonly TimeSeries[] = [
  { id: 'upload', label: 'upload', fill: 'color-mix(in srgb, var(--ink2) 38%, var(--panel))' },
  { id: 'gemm', label: 'GEMM', fill: 'var(--ink2)' },
  {
    id: 'readback',
    label: 'readback',
    fill: 'color-mix(in srgb, var(--ink2) 38%, var(--panel))',
    stroke: 'var(--ink2)',
  },
  { id: 'bias', label: 'bias', fill: 'var(--panel)', stroke: 'var(--ink2)' },
  { id: 'wait', label: 'wait', fill: 'var(--wait)' },
  { id: 'ring', label: 'ring copy', fill: 'var(--accent)' },
];
const LEGEND = filled(SERIES);

/** What each rank's time was made of. The table of the ranks has the same numbers. */
export function TimePanel() {
  // The chart takes longer to draw than a small run takes to compute.
  const run = useSettled(
    useSplit((state) => state.run),
    350,
  );
  const { ref, seen } = useSeen<HTMLDivElement>(run !== null);
  const rows = useMemo(
    () =>
      (run?.times ?? []).map(({ upload, gemm, readback, bias, wait, ring }, rank): TimeRow => {
        return { label: `rank ${rank}`, ms: { upload, gemm, readback, bias, wait, ring } };
      }),
    [run],
  );
  return (
    <Panel title="Where the time went" hint="milliseconds a rank; the table of the ranks has the numbers">
      <Legend entries={LEGEND} />
      <div ref={ref} className={css['chart']} style={{ minHeight: timeChartHeight(rows.length) }}>
        {seen && (
          <Suspense fallback={<p className={css['loading']}>Loading the chart …</p>}>
            <TimeChart series={SERIES} rows={rows} />
          </Suspense>
        )}
      </div>
    </Panel>
  );
}
