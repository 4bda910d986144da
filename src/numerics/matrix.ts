/** Matrices as row-major Float32Arrays, cut without ever building the part that is not wanted. */

import { lengthOf, type Range } from './ranges.ts';

export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** Row-major, `rows · cols` long. */
  readonly data: Float32Array;
}

/** The rows and columns of a matrix that a rank holds. */
export interface Block {
  readonly rows: Range;
  readonly cols: Range;
}

export function blockSize(block: Block): number {
  return lengthOf(block.rows) * lengthOf(block.cols);
}

/** The elements of `block`, each computed by its position in the whole matrix. */
export function fillBlock(block: Block, element: (row: number, col: number) => number): Float32Array {
  const data = new Float32Array(blockSize(block));
  let at = 0;
  for (let row = block.rows.start; row < block.rows.end; row++) {
    for (let col = block.cols.start; col < block.cols.end; col++) data[at++] = element(row, col);
  }
  return data;
}

/** A copy of `block` out of a row-major matrix with `cols` columns. */
export function cutBlock(data: Float32Array, cols: number, block: Block): Float32Array {
  const width = lengthOf(block.cols);
  const out = new Float32Array(blockSize(block));
  for (let row = block.rows.start; row < block.rows.end; row++) {
    const from = row * cols + block.cols.start;
    out.set(data.subarray(from, from + width), (row - block.rows.start) * width);
  }
  return out;
}

/**
 * Puts matrices that lie one after another in `parts`, each `[rows, widths[i]]`, side by side: `[rows, Σ widths]`.
 * This is what an allGather of column shards needs, since each shard arrives in one piece.
 */
export function joinColumns(parts: Float32Array, rows: number, widths: readonly number[]): Float32Array {
  const cols = widths.reduce((sum, width) => sum + width, 0);
  const out = new Float32Array(rows * cols);
  let from = 0;
  let col = 0;
  for (const width of widths) {
    for (let row = 0; row < rows; row++) {
      out.set(parts.subarray(from, from + width), row * cols + col);
      from += width;
    }
    col += width;
  }
  return out;
}
