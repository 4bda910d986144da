/** The opened values as cells: their places in pixels, what each stands for, and where keys lead. */

import type { Preview } from '#numerics/preview.ts';
import { type Range, shardRange } from '#numerics/ranges.ts';

export interface HeatGrid {
  readonly rows: number;
  readonly cols: number;
  /** Pixels of a cell, its gap inside. */
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export interface HeatCell {
  readonly row: number;
  readonly col: number;
}

const LARGEST = 22;
const LEAST = 3;
/** Pixels of the whole, at most; few rows do not make it as high. */
const TALLEST = 300;

export function heatGrid({ gridRows, gridCols }: Preview, width: number): HeatGrid {
  const fitted = (room: number, count: number): number => Math.min(LARGEST, Math.max(LEAST, room / count));
  const cellWidth = fitted(width, Math.max(1, gridCols));
  const cellHeight = Math.min(fitted(TALLEST, Math.max(1, gridRows)), Math.max(cellWidth * 1.6, 8));
  return { rows: gridRows, cols: gridCols, cellWidth, cellHeight };
}

/** The cell at a point, which may lie outside. */
export function cellAt({ rows, cols, cellWidth, cellHeight }: HeatGrid, x: number, y: number): HeatCell {
  const inside = (at: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(at)));
  return { row: inside(y / cellHeight, rows), col: inside(x / cellWidth, cols) };
}

/** Where a key leads; null where it means nothing here. */
export function cellAfterKey({ rows, cols }: HeatGrid, { row, col }: HeatCell, key: string): HeatCell | null {
  const to = (r: number, c: number): HeatCell => ({
    row: Math.min(rows - 1, Math.max(0, r)),
    col: Math.min(cols - 1, Math.max(0, c)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, col);
    case 'ArrowDown':
      return to(row + 1, col);
    case 'ArrowLeft':
      return to(row, col - 1);
    case 'ArrowRight':
      return to(row, col + 1);
    case 'Home':
      return to(row, 0);
    case 'End':
      return to(row, cols - 1);
    case 'PageUp':
      return to(0, col);
    case 'PageDown':
      return to(rows - 1, col);
    default:
      return null;
  }
}

export function valueAt({ values, gridCols }: Preview, { row, col }: HeatCell): number {
  return values[row * gridCols + col] ?? Number.NaN;
}

/** The rows and columns of the tensor that a cell stands for: one of each where the preview is exact. */
export function elementsIn(preview: Preview, { row, col }: HeatCell): { rows: Range; cols: Range } {
  const { rows, cols, gridRows, gridCols } = preview;
  return { rows: shardRange(rows, gridRows, row), cols: shardRange(cols, gridCols, col) };
}

/** The largest finite magnitude on any rank: full strength, so that ranks can be compared. */
export function largestOf(previews: readonly Preview[]): number {
  let most = 0;
  for (const { values } of previews) {
    for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  }
  return most;
}
