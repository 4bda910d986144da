import { memo } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatMs } from '../format.ts';
import { MANY_ROWS, timeChartHeight } from './axis.ts';
import css from './charts.module.css';

export interface TimeSeries {
  readonly id: string;
  readonly label: string;
  /** A CSS colour. */
  readonly fill: string;
  /** An edge as a second cue, where two fills are near. */
  readonly stroke?: string;
}

export interface TimeRow {
  readonly label: string;
  /** Milliseconds of each series. */
  readonly ms: Readonly<Record<string, number>>;
}

interface TimeChartProps {
  readonly series: readonly TimeSeries[];
  readonly rows: readonly TimeRow[];
  /** Pixels for the rows' labels. */
  readonly labelWidth?: number;
}

/** Where there is room for more, rows stand apart. */
const THICKEST = 24;

/** One stacked bar a row, all on one scale of milliseconds. */
export const TimeChart = memo(function TimeChart({ series, rows, labelWidth = 58 }: TimeChartProps) {
  const text = { fontSize: 12, fill: 'var(--ink2)' };
  return (
    <div className={css['time']}>
      <ResponsiveContainer width="100%" height="100%" minHeight={timeChartHeight(rows.length)}>
        <BarChart
          data={[...rows]}
          layout="vertical"
          margin={{ top: 4, right: 16, bottom: 4, left: 0 }}
          barCategoryGap={rows.length > MANY_ROWS ? 4 : 7}
          maxBarSize={THICKEST}
        >
          <CartesianGrid horizontal={false} stroke="var(--line)" />
          <XAxis
            type="number"
            tick={text}
            tickLine={false}
            axisLine={false}
            tickFormatter={(ms: number) => String(Number(ms.toPrecision(3)))}
          />
          <YAxis
            type="category"
            interval={0}
            dataKey="label"
            width={labelWidth}
            tick={text}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            cursor={{ fill: 'var(--shade)' }}
            isAnimationActive={false}
            formatter={(value) => formatMs(Number(value))}
            contentStyle={{
              background: 'var(--panel)',
              border: '1px solid var(--line2)',
              borderRadius: 8,
              fontSize: 12,
            }}
            labelStyle={{ color: 'var(--ink)', fontWeight: 600 }}
            itemStyle={{ color: 'var(--ink2)', padding: 0 }}
          />
          {series.map(({ id, label, fill, stroke }) => (
            <Bar
              key={id}
              dataKey={({ ms }: TimeRow) => ms[id] ?? 0}
              name={label}
              stackId="time"
              fill={fill}
              isAnimationActive={false}
              {...(stroke !== undefined && { stroke, strokeDasharray: '2 2' })}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
});
