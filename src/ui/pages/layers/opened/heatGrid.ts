/** The opened values as cells: their places in pixels, and what each stands for. */

import type { Preview } from '#numerics/preview.ts';
import { type Range, shardRange } from '#numerics/ranges.ts';
import type { CellPlace, GridSize } from '#ui/components/gridKeys.ts';

export interface HeatGrid extends GridSize {
  /** Pixels of a cell, its gap inside. */
  readonly cellWidth: number;
  readonly cellHeight: number;
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
export function cellAt({ rows, cols, cellWidth, cellHeight }: HeatGrid, x: number, y: number): CellPlace {
  const inside = (at: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(at)));
  return { row: inside(y / cellHeight, rows), col: inside(x / cellWidth, cols) };
}

export function valueAt({ values, gridCols }: Preview, { row, col }: CellPlace): number {
  return values[row * gridCols + col] ?? Number.NaN;
}

/** The rows and columns of the tensor that a cell stands for: one of each where the preview is exact. */
export function elementsIn(preview: Preview, { row, col }: CellPlace): { rows: Range; cols: Range } {
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
