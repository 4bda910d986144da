import { useMemo, useState } from 'react';
import type { Span } from '#base/trace.ts';
import { Legend, type LegendEntry } from '#ui/charts/Legend.tsx';
import { useWidth } from '../components/onScreen.ts';
import { type Bar, barsOf } from './bars.ts';
import { ClockChart, plotWidth } from './ClockChart.tsx';
import css from './clock.module.css';
import { describeBar } from './clockWords.ts';
import { SpanTable } from './SpanTable.tsx';
import { type ClockModel, type Kind, kindsIn, type Stretch } from './stretch.ts';
import type { TimeView } from './timeAxis.ts';
import { useZoom } from './useZoom.ts';

interface ClockProps {
  readonly model: ClockModel;
  /** When the page's moment was, and its spans, to be set off; null where none are. */
  readonly cursor: TimeView;
  readonly lit?: ReadonlySet<Span> | null;
  /** Below the lanes while no bar is pointed at. */
  readonly label: string;
  /** Makes bars clickable. */
  readonly onChoose?: (bar: Bar) => void;
}

/** The lanes of all ranks on one clock, to be zoomed, pointed at, walked by key and read as a table. */
export function Clock({ model, cursor, lit = null, label, onChoose }: ClockProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<{ model: ClockModel; at: Stretch } | null>(null);
  const at = pointed?.model === model ? pointed.at : null;
  const zoom = useZoom(model, cursor.endMs, at === null ? cursor.endMs : (at.startMs + at.endMs) / 2);
  const plot = plotWidth(model, width);
  const bars = useMemo(() => barsOf(model.stretches, zoom.view, plot), [model, zoom.view, plot]);
  // Found again among the bars, which are others once one looks closer.
  const active = useMemo(
    () => (at === null ? null : (bars.find(({ stretches }) => stretches.includes(at)) ?? null)),
    [bars, at],
  );
  const point = (bar: Bar | null): void => {
    const first = bar?.stretches[0] ?? null;
    if (first !== at) setPointed(first && { model, at: first }); // a bar is crossed in many moves
  };
  return (
    <>
      <div className={css['head']}>
        <Legend entries={entriesOf(model)} />
        <fieldset className={css['zoom']}>
          <legend className="visually-hidden">Zoom</legend>
          <button type="button" className="ghost" onClick={zoom.nearer}>
            Zoom in
          </button>
          <button type="button" className="ghost" disabled={!zoom.isZoomed} onClick={zoom.farther}>
            Out
          </button>
          <button type="button" className="ghost" disabled={!zoom.isZoomed} onClick={zoom.all}>
            All
          </button>
        </fieldset>
      </div>
      <div ref={ref} className={css['clock']}>
        {width > 0 && (
          <ClockChart {...{ model, bars, zoom, cursor, lit, plot, active, onChoose }} onActive={point} />
        )}
      </div>
      <p className={css['readout']}>{active === null ? label : describeBar(model, active)}</p>
      <SpanTable model={model} />
    </>
  );
}

function entriesOf(model: ClockModel): LegendEntry[] {
  return kindsIn(model).map((kind) => ({
    id: kind,
    label: model.words[kind],
    mark: <BarMark kind={kind} />,
  }));
}

function BarMark({ kind }: { readonly kind: Kind }) {
  const [y, height] = kind === 'wait' ? [4, 4] : [1, 10];
  return (
    <svg width="14" height="12" aria-hidden="true">
      <rect className={css[`bar-${kind}`]} x="1" y={y} width="12" height={height} rx="3" />
    </svg>
  );
}
