import { memo } from 'react';
import {
  CartesianGrid,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts';
import { thinned } from './axis.ts';
import { Mark, type MarkShape } from './Mark.tsx';
import css from './xyChart.module.css';

export interface XYPoint {
  readonly x: number;
  readonly y: number;
  /** For the tooltip: "CPU, 4 ranks". */
  readonly title: string;
  /** Its numbers in words. */
  readonly text: string;
  /** Written beside the point; absent where the legend says enough. */
  readonly label?: string;
}

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

const HEIGHT = 264;
const MOST_TICKS = 8;
const TICK = { fontSize: 11.5, fill: 'var(--ink2)', fontFamily: 'var(--mono)' };

/** Points over two axes, joined by series. The table beside it has the numbers. */
export const XYChart = memo(function XYChart({ x, y, series, references }: XYChartProps) {
  const axis = ({ log, ticks, format }: XYAxis) => ({
    ...{
      type: 'number' as const,
      ticks: thinned(ticks, MOST_TICKS),
      tickFormatter: format,
      interval: 0 as const,
    },
    ...{ domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], scale: log ? ('log' as const) : ('linear' as const) },
    ...{ tick: TICK, tickLine: false },
  });
  return (
    <div className={css['chart']}>
      <span className={css['y-label']}>{y.label}</span>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <ScatterChart margin={{ top: 8, right: 30, bottom: 4, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="x" {...axis(x)} axisLine={{ stroke: 'var(--line2)' }} tickMargin={6} />
          <YAxis dataKey="y" {...axis(y)} axisLine={false} width={54} />
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
              data={points.map((point) => ({ ...point, color, mark, overlay }))}
              line={line && { stroke: color, strokeWidth: 2, ...(overlay && { strokeDasharray: '6 4' }) }}
              shape={PointMark}
              fill={color}
              isAnimationActive={false}
            />
          ))}
        </ScatterChart>
      </ResponsiveContainer>
      <span className={css['x-label']}>{x.label}</span>
    </div>
  );
});

interface DrawnPoint {
  readonly cx?: number;
  readonly cy?: number;
  readonly label?: string;
  readonly color: string;
  readonly mark: MarkShape;
  readonly overlay: boolean;
}

function PointMark(props: unknown) {
  const { cx = 0, cy = 0, label, color, mark, overlay } = props as DrawnPoint;
  return (
    <g>
      <Mark shape={mark} x={cx} y={cy} color={color} hollow={overlay} />
      {label !== undefined && (
        <text x={cx + 9} y={cy + 4} className={css['point-label']}>
          {label}
        </text>
      )}
    </g>
  );
}

function ReferenceEnd(props: unknown) {
  const { cx = 0, cy = 0, label } = props as { cx?: number; cy?: number; label: string };
  return (
    <text x={cx - 8} y={cy + 8} textAnchor="end" className={css['reference-label']}>
      {label}
    </text>
  );
}

function ChartTip({ active, payload }: TooltipContentProps) {
  const point = payload[0]?.payload as XYPoint | undefined;
  if (!active || point === undefined) return null;
  return (
    <div className={css['tip']}>
      <strong>{point.title}</strong>
      <span>{point.text}</span>
    </div>
  );
}
