/** A matrix as the page draws it: cell by cell where it is small, in blocks where it is large. */

import type { Matrix } from './matrix.ts';
import { lengthOf, shardRange } from './ranges.ts';

/** At most this many cells a side are drawn one by one. */
export const EXACT_CELLS = 48;
/** A larger side is drawn as about this many blocks. */
export const BLOCKS = 24;

export interface Preview {
  /** The true size. */
  readonly rows: number;
  readonly cols: number;
  /** The size of the grid in `values`; equal to the true size where `exact`. */
  readonly gridRows: number;
  readonly gridCols: number;
  /** Row-major: the element where `exact`, else the root mean square of the block's elements. */
  readonly values: Float32Array;
  readonly exact: boolean;
}

/** How many grid cells a shard of `length` out of `total` gets. A shard that is not empty gets at least one. */
export function gridCells(length: number, total: number): number {
  if (total <= EXACT_CELLS) return length;
  return length === 0 ? 0 : Math.max(1, Math.round((length / total) * BLOCKS));
}

/** A preview of a shard of a whole matrix with `total.rows × total.cols` elements. */
export function preview(shard: Matrix, total: { rows: number; cols: number }): Preview {
  const { rows, cols, data } = shard;
  if (total.rows <= EXACT_CELLS && total.cols <= EXACT_CELLS) {
    return { rows, cols, gridRows: rows, gridCols: cols, values: data.slice(), exact: true };
  }
  const gridRows = gridCells(rows, total.rows);
  const gridCols = gridCells(cols, total.cols);
  const values = new Float32Array(gridRows * gridCols);
  for (let i = 0; i < gridRows; i++) {
    for (let j = 0; j < gridCols; j++) {
      const band = shardRange(rows, gridRows, i);
      const span = shardRange(cols, gridCols, j);
      let squares = 0;
      for (let row = band.start; row < band.end; row++) {
        for (let at = row * cols + span.start; at < row * cols + span.end; at++)
          squares += (data[at] ?? 0) ** 2;
      }
      values[i * gridCols + j] = Math.sqrt(squares / Math.max(1, lengthOf(band) * lengthOf(span)));
    }
  }
  return { rows, cols, gridRows, gridCols, values, exact: false };
}
