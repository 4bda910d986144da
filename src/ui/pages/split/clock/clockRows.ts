/** Two lanes a rank: its device above, the ring below. */

export interface LaneRow {
  readonly rank: number;
  readonly lane: 'device' | 'comm';
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
const DEVICE = 17;
const COMM = 12;

export function clockRows(worldSize: number): ClockRows {
  const gap = worldSize <= 4 ? 16 : 9;
  const pitch = DEVICE + 2 + COMM + gap;
  const ranks = Array.from({ length: worldSize }, (_, rank) => ({ rank, top: 6 + rank * pitch }));
  const lanes = ranks.flatMap(({ rank, top }): LaneRow[] => [
    { rank, lane: 'device', top, height: DEVICE },
    { rank, lane: 'comm', top: top + DEVICE + 2, height: COMM },
  ]);
  return { lanes, ranks, height: 6 + worldSize * pitch - gap + 8 };
}
