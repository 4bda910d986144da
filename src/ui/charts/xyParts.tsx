import type { TooltipContentProps } from 'recharts';
import css from './charts.module.css';
import { Mark, type MarkShape } from './Mark.tsx';

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

interface DrawnPoint {
  readonly cx?: number;
  readonly cy?: number;
  readonly label?: string;
  readonly color: string;
  readonly mark: MarkShape;
  readonly overlay: boolean;
}

/** A measured point; its name beside it, if it has one. */
export function PointMark(props: unknown) {
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

/** The name of a reference at its last point. */
export function ReferenceEnd(props: unknown) {
  const { cx = 0, cy = 0, label } = props as { cx?: number; cy?: number; label: string };
  return (
    <text x={cx - 8} y={cy + 8} textAnchor="end" className={css['reference-label']}>
      {label}
    </text>
  );
}

/** What the point under the pointer is. */
export function ChartTip({ active, payload }: TooltipContentProps) {
  const point = payload[0]?.payload as XYPoint | undefined;
  if (!active || point === undefined) return null;
  return (
    <div className={css['tip']}>
      <strong>{point.title}</strong>
      <span>{point.text}</span>
    </div>
  );
}
