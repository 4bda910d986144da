/** Where the lanes of the ranks lie on the screen. */

import type { ClockLane, LaneName } from './stretch.ts';

export interface LaneRow {
  readonly rank: number;
  readonly lane: LaneName;
  readonly label: string | null;
  readonly top: number;
  readonly height: number;
}

export interface ClockRows {
  readonly lanes: readonly LaneRow[];
  readonly ranks: readonly { readonly rank: number; readonly top: number }[];
  readonly height: number;
}

/** Below the lanes, for the numbers. */
export const AXIS_HEIGHT = 24;
const BETWEEN = 2;
const TOP = 6;

export function clockRows(worldSize: number, lanes: readonly ClockLane[]): ClockRows {
  const gap = worldSize <= 4 ? 16 : 9;
  const pitch = lanes.reduce((sum, { height }) => sum + height + BETWEEN, gap - BETWEEN);
  const ranks = Array.from({ length: worldSize }, (_, rank) => ({ rank, top: TOP + rank * pitch }));
  const rows = ranks.flatMap(({ rank, top }) => {
    let y = top;
    return lanes.map(({ name, label, height }): LaneRow => {
      const row = { rank, lane: name, label, top: y, height };
      y += height + BETWEEN;
      return row;
    });
  });
  return { lanes: rows, ranks, height: TOP + worldSize * pitch - gap + 8 };
}

export function rowOf(rows: ClockRows, rank: number, lane: LaneName): LaneRow | undefined {
  return rows.lanes.find((row) => row.rank === rank && row.lane === lane);
}

/** The lane under a pixel, with some grace. */
export function rowAt(rows: ClockRows, y: number): LaneRow | undefined {
  const distance = ({ top, height }: LaneRow): number => Math.max(top - y, y - top - height, 0);
  const near = rows.lanes.filter((row) => distance(row) <= 3);
  return near.sort((a, b) => distance(a) - distance(b))[0];
}
