/**
 * What an element of Y was computed from, declared once: the stage lights up these blocks, and hover, keyboard and
 * the spoken text speak of the same ones.
 */

import type { Block } from '#numerics/matrix.ts';
import { lengthOf, type Range } from '#numerics/ranges.ts';
import type { ProductShard, SplitPlan } from '#program/splitPlan.ts';

/** Blocks of one product: x of X `[M, in]`, w of the stored weight `[out, in]`, y of Y `[M, out]`. */
export interface Operands {
  readonly x: Block;
  readonly w: Block;
  readonly y: Block;
}

export interface Dependency extends Operands {
  /** Which product of the plan. */
  readonly product: number;
  /** What each rank that takes part holds of the three; ranks that hold nothing of it are left out. */
  readonly ranks: readonly (Operands & { readonly rank: number })[];
}

/**
 * The dependencies of element (row, col) of the last product's Y, in the order of the plan: the row of X and the
 * column of W. In a pair, the whole row of H and so all of A lie between X and Y.
 */
export function dependenciesOf(plan: SplitPlan, row: number, col: number): Dependency[] {
  const found: Dependency[] = [];
  let wanted: Block = { rows: { start: row, end: row + 1 }, cols: { start: col, end: col + 1 } };
  for (let index = plan.products.length - 1; index >= 0; index--) {
    const product = plan.products[index];
    if (product === undefined) break;
    const ins = { start: 0, end: product.inFeatures };
    const needed: Operands = {
      x: { rows: wanted.rows, cols: ins },
      w: { rows: wanted.cols, cols: ins },
      y: wanted,
    };
    const ranks = product.shards.map((shard, rank) => ({ rank, ...heldOf(shard, needed) }));
    found.unshift({ product: index, ...needed, ranks: ranks.filter(({ y }) => !isEmpty(y)) });
    wanted = needed.x;
  }
  return found;
}

function heldOf(shard: ProductShard, needed: Operands): Operands {
  return {
    x: intersect(shard.x, needed.x),
    w: intersect(shard.w, needed.w),
    y: intersect(shard.y, needed.y),
  };
}

function intersect(a: Block, b: Block): Block {
  return { rows: overlap(a.rows, b.rows), cols: overlap(a.cols, b.cols) };
}

function overlap(a: Range, b: Range): Range {
  const start = Math.max(a.start, b.start);
  return { start, end: Math.max(start, Math.min(a.end, b.end)) };
}

function isEmpty(block: Block): boolean {
  return lengthOf(block.rows) === 0 || lengthOf(block.cols) === 0;
}
