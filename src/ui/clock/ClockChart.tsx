import { useMemo } from 'react';
import type { Span } from '#base/trace.ts';
import { BarList } from './BarList.tsx';
import { Bars } from './Bars.tsx';
import { type Bar, barAt } from './bars.ts';
import css from './clock.module.css';
import { AXIS_HEIGHT, clockRows, rowAt } from './clockRows.ts';
import type { ClockModel } from './stretch.ts';
import { type TimeView, ticksOf, unitOf } from './timeAxis.ts';
import { useGestures } from './useGestures.ts';
import type { Zoom } from './useZoom.ts';

interface ClockChartProps {
  readonly model: ClockModel;
  /** Laid out in `plot` pixels; see {@link plotWidth}. */
  readonly bars: readonly Bar[];
  readonly plot: number;
  readonly zoom: Zoom;
  /** When the page's moment was, and its spans. */
  readonly cursor: TimeView;
  readonly lit: ReadonlySet<Span> | null;
  readonly active: Bar | null;
  readonly onActive: (bar: Bar | null) => void;
  readonly onChoose?: ((bar: Bar) => void) | undefined;
}

const RANK_LABELS = 56;
const LANE_LABELS = 42;

/** How wide the lanes are, in a chart of that width. */
export function plotWidth(model: ClockModel, width: number): number {
  return Math.max(40, width - labelsWidth(model) - 12);
}

function labelsWidth({ lanes }: ClockModel): number {
  return RANK_LABELS + (lanes.some(({ label }) => label !== null) ? LANE_LABELS : 0);
}

export function ClockChart(props: ClockChartProps) {
  const { model, bars, plot, zoom, cursor, lit, active, onActive, onChoose } = props;
  const { view } = zoom;
  const rows = useMemo(() => clockRows(model.worldSize, model.lanes), [model]);
  const unit = unitOf(view);
  const ticks = ticksOf(view, model.startMs, Math.max(2, Math.floor(plot / 64)), unit);
  const x = (ms: number): number => ((ms - view.startMs) / (view.endMs - view.startMs)) * plot;
  const shown = (ms: number): number => Math.min(plot, Math.max(0, x(ms)));

  const barUnder = (point: { x: number; y: number }): Bar | null => {
    const row = rowAt(rows, point.y);
    return row === undefined ? null : (barAt(bars, row.rank, row.lane, point.x) ?? null);
  };
  const { mark, handlers } = useGestures({
    zoom,
    width: plot,
    lanesHeight: rows.height,
    onPoint: (point) => onActive(barUnder(point)),
    onClick: (point) => {
      const bar = barUnder(point);
      onActive(bar);
      if (bar !== null) onChoose?.(bar);
    },
  });
  return (
    <div className={css['chart']} style={{ height: rows.height + AXIS_HEIGHT }}>
      {rows.ranks.map(({ rank, top }) => (
        <span key={rank} className={css['rank']} data-rank={rank} style={{ top }}>
          rank {rank}
        </span>
      ))}
      {rows.lanes.map(({ rank, lane, label, top, height }) =>
        label === null ? null : (
          <span
            key={`${rank} ${lane}`}
            className={css['lane']}
            style={{ top, height, lineHeight: `${height}px`, left: RANK_LABELS }}
          >
            {label}
          </span>
        ),
      )}
      <div
        className={css['plot']}
        style={{ left: labelsWidth(model), width: plot }}
        data-zoomed={zoom.isZoomed ? '' : undefined}
        data-choosable={active !== null && onChoose !== undefined ? '' : undefined}
        onPointerLeave={() => onActive(null)}
        {...handlers}
      >
        <svg width={plot} height={rows.height + AXIS_HEIGHT} className={css['svg']} aria-hidden="true">
          {ticks.map((tick, i) => (
            <g key={tick.label} transform={`translate(${x(tick.ms)} 0)`}>
              <line className={css['tick']} y1="0" y2={rows.height} />
              <text className={css['label']} y={rows.height + 16} textAnchor="middle">
                {i === ticks.length - 1 ? `${tick.label} ${unit}` : tick.label}
              </text>
            </g>
          ))}
          <rect
            className={css['moment']}
            x={shown(cursor.startMs)}
            width={Math.max(0, shown(cursor.endMs) - shown(cursor.startMs))}
            height={rows.height}
          />
          <Bars bars={bars} rows={rows} lit={lit} />
          {x(cursor.endMs) >= -1 && x(cursor.endMs) <= plot + 1 && (
            <line
              className={css['cursor']}
              x1={shown(cursor.endMs)}
              x2={shown(cursor.endMs)}
              y1="-4"
              y2={rows.height + 3}
            />
          )}
          {mark !== null && (
            <rect
              className={css['drag']}
              x={Math.min(mark.from, mark.to)}
              width={Math.abs(mark.to - mark.from)}
              height={rows.height}
            />
          )}
        </svg>
        <BarList {...{ model, bars, rows, active, zoom, onActive, onChoose }} />
      </div>
    </div>
  );
}
