import { type PointerEvent, useMemo, useState } from 'react';
import type { SplitRun } from '../../../../lab/split/run.ts';
import { BarList } from './BarList.tsx';
import { BarShape } from './BarShape.tsx';
import { type Bar, barAt, barsOf } from './bars.ts';
import css from './clock.module.css';
import { AXIS_HEIGHT, clockRows, type LaneRow } from './clockRows.ts';
import { type TimeView, ticksOf } from './timeAxis.ts';

interface ClockChartProps {
  readonly run: SplitRun;
  readonly view: TimeView;
  /** When the scrubber's moment was. */
  readonly cursor: TimeView;
  readonly width: number;
  readonly active: Bar | null;
  readonly onActive: (bar: Bar | null) => void;
  /** A stretch of time was marked with the pointer. */
  readonly onSelect: (view: TimeView) => void;
}

const LABELS = 56;

export function ClockChart({ run, view, cursor, width, active, onActive, onSelect }: ClockChartProps) {
  const plot = Math.max(40, width - LABELS - 12);
  const bars = useMemo(() => barsOf(run.spans, view, plot), [run, view, plot]);
  const rows = useMemo(() => clockRows(run.plan.config.worldSize), [run]);
  const ticks = ticksOf(view, run.startMs, Math.max(2, Math.floor(plot / 64)));
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const x = (ms: number): number => ((ms - view.startMs) / (view.endMs - view.startMs)) * plot;
  const clamp = (pixel: number): number => Math.min(plot, Math.max(0, pixel));
  const ms = (pixel: number): number => view.startMs + (pixel / plot) * (view.endMs - view.startMs);

  const place = (event: PointerEvent): { x: number; y: number } => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const move = (event: PointerEvent): void => {
    const at = place(event);
    if (drag !== null) setDrag({ ...drag, to: clamp(at.x) });
    const row = rows.lanes.find(({ top, height }) => at.y >= top - 3 && at.y <= top + height + 3);
    onActive(row === undefined ? null : (barAt(bars, row.rank, row.lane, at.x) ?? null));
  };
  const release = (): void => {
    if (drag !== null && Math.abs(drag.to - drag.from) > 6) {
      onSelect({ startMs: ms(Math.min(drag.from, drag.to)), endMs: ms(Math.max(drag.from, drag.to)) });
    }
    setDrag(null);
  };
  const rowOf = (bar: Bar): LaneRow | undefined =>
    rows.lanes.find(({ rank, lane }) => rank === bar.rank && lane === bar.lane);
  return (
    <div className={css['chart']} style={{ height: rows.height + AXIS_HEIGHT }}>
      {rows.ranks.map(({ rank, top }) => (
        <span key={rank} className={css['rank']} data-rank={rank} style={{ top }}>
          rank {rank}
        </span>
      ))}
      <div
        className={css['plot']}
        style={{ left: LABELS, width: plot }}
        onPointerMove={move}
        onPointerLeave={() => onActive(null)}
        onPointerDown={(event) => {
          if (event.pointerType !== 'mouse' || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const from = clamp(place(event).x);
          setDrag({ from, to: from });
        }}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
      >
        <svg width={plot} height={rows.height + AXIS_HEIGHT} className={css['svg']} aria-hidden="true">
          {ticks.map((tick, i) => (
            <g key={tick.label} transform={`translate(${x(tick.ms)} 0)`}>
              <line className={css['tick']} y1="0" y2={rows.height} />
              <text className={css['label']} y={rows.height + 16} textAnchor="middle">
                {i === ticks.length - 1 ? `${tick.label} ms` : tick.label}
              </text>
            </g>
          ))}
          <rect
            className={css['moment']}
            x={clamp(x(cursor.startMs))}
            width={Math.max(0, clamp(x(cursor.endMs)) - clamp(x(cursor.startMs)))}
            height={rows.height}
          />
          {bars.map((bar) => (
            <BarShape key={`${bar.rank} ${bar.lane} ${bar.kind} ${bar.x}`} bar={bar} row={rowOf(bar)} />
          ))}
          <line
            className={css['cursor']}
            x1={clamp(x(cursor.endMs))}
            x2={clamp(x(cursor.endMs))}
            y1="-4"
            y2={rows.height + 3}
          />
          {drag !== null && (
            <rect
              className={css['drag']}
              x={Math.min(drag.from, drag.to)}
              width={Math.abs(drag.to - drag.from)}
              height={rows.height}
            />
          )}
        </svg>
        <BarList bars={bars} originMs={run.startMs} active={active} rowOf={rowOf} onActive={onActive} />
      </div>
    </div>
  );
}
