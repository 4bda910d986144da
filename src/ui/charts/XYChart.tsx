import { memo } from 'react';
import { CartesianGrid, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts';
import { thinned } from './axis.ts';
import css from './charts.module.css';
import type { MarkShape } from './Mark.tsx';
import { ChartTip, PointMark, ReferenceEnd, type XYPoint } from './xyParts.tsx';

export interface XYSeries {
  readonly id: string;
  /** A CSS colour. */
  readonly color: string;
  readonly mark: MarkShape;
  /** Of another run: dashed, and its marks hollow. */
  readonly overlay: boolean;
  /** Whether its points are joined. */
  readonly line: boolean;
  readonly points: readonly XYPoint[];
}

/** With what a legend calls it. */
export interface NamedSeries extends XYSeries {
  readonly label: string;
}

/** A line that was not measured as such: an ideal, a roof. */
export interface XYReference {
  readonly id: string;
  /** At its last point; '' where the legend says it. */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface XYAxis {
  readonly label: string;
  readonly log: boolean;
  /** From the first value of the axis to the last; too many are thinned out. */
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

interface XYChartProps {
  readonly x: XYAxis;
  readonly y: XYAxis;
  readonly series: readonly XYSeries[];
  readonly references: readonly XYReference[];
}

/** At least, where nothing beside it is taller. */
const HEIGHT = 264;
const MOST_TICKS = 8;
const TICK = { fontSize: 11.5, fill: 'var(--ink2)', fontFamily: 'var(--mono)' };

/** Of all series together: each is an element that can be pointed at, and a thousand take a second to draw. */
const MOST_POINTS = 200;

/** Points over two axes, joined by series. The table beside it has the numbers. */
export const XYChart = memo(function XYChart({ x, y, series, references }: XYChartProps) {
  const axis = ({ log, ticks, format }: XYAxis) => ({
    ...{
      type: 'number' as const,
      ticks: thinned(ticks, MOST_TICKS),
      tickFormatter: format,
    },
    domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1],
    scale: log ? ('log' as const) : ('linear' as const),
    tick: TICK,
    tickLine: false,
  });
  const count = series.reduce((sum, { points }) => sum + points.length, 0);
  const every = Math.ceil(count / MOST_POINTS);
  return (
    <div className={css['chart']}>
      <span className={css['y-label']}>{y.label}</span>
      <ResponsiveContainer width="100%" height="100%" minHeight={HEIGHT}>
        <ScatterChart margin={{ top: 8, right: 30, bottom: 4, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="x"
            {...axis(x)}
            interval="equidistantPreserveStart" // on a phone not every name has room
            axisLine={{ stroke: 'var(--line2)' }}
            tickMargin={6}
          />
          <YAxis dataKey="y" {...axis(y)} interval={0} axisLine={false} width={54} />
          <Tooltip cursor={false} isAnimationActive={false} content={ChartTip} />
          {references.map(({ id, label, points }) => (
            <Scatter
              key={id}
              data={points.map((point, i) => ({ ...point, label: i === points.length - 1 ? label : '' }))}
              line={{ stroke: 'var(--edge)', strokeWidth: 1.5, strokeDasharray: '2 4' }}
              shape={ReferenceEnd}
              tooltipType="none"
              isAnimationActive={false}
            />
          ))}
          {series.map(({ id, color, mark, overlay, line, points }) => (
            <Scatter
              key={id}
              data={drawn(points, every).map((point) => ({ ...point, color, mark, overlay }))}
              line={line && { stroke: color, strokeWidth: 2, ...(overlay && { strokeDasharray: '6 4' }) }}
              shape={PointMark}
              fill={color}
              isAnimationActive={false}
            />
          ))}
        </ScatterChart>
      </ResponsiveContainer>
      <span className={css['x-label']}>
        {x.label}
        {every > 1 && `, one of ${every} points drawn`}
      </span>
    </div>
  );
});

/** One of `every`, and the last. */
function drawn(points: readonly XYPoint[], every: number): readonly XYPoint[] {
  return every <= 1 ? points : points.filter((_, i) => i % every === 0 || i === points.length - 1);
}
