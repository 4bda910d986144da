/** Bars as a few paths: thousands of elements would keep the page busy at each zoom. */

import type { Bar } from './bars.ts';
import { type ClockRows, rowOf } from './clockRows.ts';
import type { Kind } from './stretch.ts';

/** All bars of a kind on a rank, as the `d` of one path. */
export interface BarPath {
  readonly rank: number;
  readonly kind: Kind;
  readonly d: string;
}

/** Pixels by which a wait is thinner than the lane that it shares with copies. */
const SLIM = 3;

export function barPaths(bars: readonly Bar[], rows: ClockRows): BarPath[] {
  const paths = new Map<string, { rank: number; kind: Kind; parts: string[] }>();
  for (const bar of bars) {
    const { rank, kind } = bar;
    const key = `${rank} ${kind}`;
    const path = paths.get(key) ?? { rank, kind, parts: [] };
    paths.set(key, path);
    path.parts.push(outline(bar, rows));
  }
  return [...paths.values()].map(({ rank, kind, parts }) => ({ rank, kind, d: parts.join('') }));
}

/** A rectangle with round corners, `around` so many pixels of the bar. */
export function outline(bar: Bar, rows: ClockRows, around = 0): string {
  const { rank, lane, kind } = bar;
  const row = rowOf(rows, rank, lane);
  if (row === undefined) return '';
  const slim = kind === 'wait' && lane !== 'wait' ? SLIM : 0;
  const [x, y] = [bar.x - around, row.top + slim - around];
  const [width, height] = [bar.width + 2 * around, row.height - 2 * slim + 2 * around];
  const r = Math.min(3, width / 2, height / 2);
  const arc = (dx: number, dy: number): string => `a${round(r)} ${round(r)} 0 0 1 ${round(dx)} ${round(dy)}`;
  const [across, down] = [round(width - 2 * r), round(height - 2 * r)];
  const start = `M${round(x + r)} ${round(y)}h${across}`;
  return `${start}${arc(r, r)}v${down}${arc(-r, r)}h${-across}${arc(-r, -r)}v${-down}${arc(r, -r)}z`;
}

/** Hundredths of a pixel: more is only longer. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
