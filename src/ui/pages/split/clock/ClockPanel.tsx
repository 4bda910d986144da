import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { SplitRun } from '../../../../lab/split/run.ts';
import { Panel } from '../../../components/Panel.tsx';
import { formatMs } from '../../../format.ts';
import { useSplit } from '../useSplit.ts';
import { useWidth } from '../useWidth.ts';
import type { Bar } from './bars.ts';
import { ClockChart } from './ClockChart.tsx';
import css from './clock.module.css';
import { describeBar } from './clockWords.ts';
import { Legend } from './Legend.tsx';
import { momentLabel } from './momentLabel.ts';
import { timeOf } from './momentTime.ts';
import { SpanTable } from './SpanTable.tsx';
import { following, type TimeView, zoomed } from './timeAxis.ts';

/** All ranks on one clock, with a line where the scrubber stands. `children` stand at its foot. */
export function ClockPanel({ children }: { readonly children?: ReactNode }) {
  // After what is nearer to the hand: a slider that is dragged makes a new run many times a second.
  const run = useDeferredValue(useSplit((state) => state.run));
  return (
    <Panel
      title="The clock"
      hint={run === null ? '' : `all ranks, one clock, ${formatMs(run.endMs - run.startMs)}`}
    >
      {run === null ? <div className={css['waiting']} /> : <Clock run={run} />}
      {children}
    </Panel>
  );
}

function Clock({ run }: { readonly run: SplitRun }) {
  const at = useSplit((state) => state.at);
  const { ref, width } = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<Bar | null>(null);
  const [zoom, setZoom] = useState<{ run: SplitRun; view: TimeView } | null>(null);
  const moment = run.timeline[Math.min(at, run.timeline.length - 1)];
  const cursor = useMemo(
    () => (moment === undefined ? { startMs: run.endMs, endMs: run.endMs } : timeOf(run, moment)),
    [run, moment],
  );
  const whole = useMemo(
    () => ({ startMs: run.startMs, endMs: Math.max(run.endMs, run.startMs + 0.001) }),
    [run],
  );
  const isZoomed = zoom?.run === run;
  const view = useMemo(
    () => (zoom?.run === run ? following(zoom.view, whole, cursor.endMs) : whole),
    [zoom, run, whole, cursor],
  );
  const centre = (view.startMs + view.endMs) / 2;
  const setView = (next: TimeView): void => {
    const isWhole = next.endMs - next.startMs >= whole.endMs - whole.startMs;
    setZoom(isWhole ? null : { run, view: next });
    setActive(null);
  };
  return (
    <>
      <div className={css['head']}>
        <Legend />
        <fieldset className={css['zoom']}>
          <legend className="visually-hidden">Zoom</legend>
          <button
            type="button"
            className="ghost"
            onClick={() => setView(zoomed(view, whole, 0.5, cursor.endMs))}
          >
            Zoom in
          </button>
          <button
            type="button"
            className="ghost"
            disabled={!isZoomed}
            onClick={() => setView(zoomed(view, whole, 2, centre))}
          >
            Out
          </button>
          <button type="button" className="ghost" disabled={!isZoomed} onClick={() => setView(whole)}>
            All
          </button>
        </fieldset>
      </div>
      <div ref={ref} className={css['clock']}>
        {width > 0 && (
          <ClockChart
            run={run}
            view={view}
            cursor={cursor}
            width={width}
            active={active}
            onActive={setActive}
            onSelect={setView}
          />
        )}
      </div>
      <p className={css['readout']}>
        {active === null ? momentLabel(run, moment, cursor) : describeBar(active, run.startMs)}
      </p>
      <SpanTable run={run} />
    </>
  );
}
