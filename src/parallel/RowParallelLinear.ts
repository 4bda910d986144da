import { type Range, shardRanges } from '../numerics/ranges.ts';
import { checkRanges, checkSizes } from '../program/checks.ts';
import { cutOf } from '../program/cuts.ts';
import { biasAfterSum, ownColumns, rowSplitWithBias } from '../program/linear.ts';
import { programBuilder } from '../program/ProgramBuilder.ts';
import { summedRowSplit } from '../program/summedRowSplit.ts';
import type { ParallelContext } from './context.ts';
import { ParallelLinear } from './ParallelLinear.ts';

export interface RowParallelOptions {
  readonly bias?: boolean;
  /** The in-features of each rank, where they are not to be balanced: whole heads. */
  readonly ranges?: readonly Range[];
  /** x arrives as this rank's columns `[M, in/p]`, as a column split leaves them; else each rank takes its own. Default true. */
  readonly inputIsParallel?: boolean;
  /**
   * `every-rank` is the tutorial's bug, kept so that it can be shown: each rank adds the bias to its partial, and the
   * sum holds it worldSize times.
   */
  readonly addBias?: 'after-reduce' | 'every-rank';
  /**
   * Blocks of rows: one is summed while a GPU multiplies the next. A block has a row at least; with the bug of
   * `every-rank` there is one. Default 1.
   */
  readonly blocks?: number;
}

/**
 * y = x·Wᵀ + b with W `[out, in]` cut along `in`: each rank multiplies its columns of x by its columns of the stored
 * W, which gives a partial `[M, out]`, full size and unsummed. One allReduce sums them, or one for each block of rows; the
 * bias is added after it, once.
 *
 * x `[M, in/p]`, or `[M, in]` without inputIsParallel → y `[M, out]`, the same bits on every rank.
 */
export class RowParallelLinear extends ParallelLinear {
  /** @throws LabError `input` where a size is none */
  constructor(
    context: ParallelContext,
    inFeatures: number,
    outFeatures: number,
    {
      bias = true,
      ranges: given,
      inputIsParallel = true,
      addBias = 'after-reduce',
      blocks = 1,
    }: RowParallelOptions = {},
  ) {
    const { worldSize } = context;
    checkSizes('RowParallelLinear', { inFeatures, outFeatures, blocks });
    const ranges = given ?? shardRanges(inFeatures, worldSize);
    checkRanges('RowParallelLinear', ranges, inFeatures, worldSize);
    const columns = cutOf('column', ranges);
    const weights = { name: 'linear', label: 'W', out: outFeatures, in: inFeatures, bias };
    super(context, { weights, own: columns, dim: 1 }, (rows) => {
      const b = programBuilder(worldSize, rows);
      const given = b.input('x', [rows, inFeatures], inputIsParallel ? { dim: 1, by: columns } : null);
      const x = inputIsParallel ? given : ownColumns(b, given, columns); // [M, in/p]
      const note = 'partial sums';
      if (addBias === 'every-rank') {
        b.stage('row split', note);
        const partial = rowSplitWithBias(b, 'partial', x, weights, columns); // [M, out], a term of the sum
        b.stage('all-reduce');
        return b.finish(b.allReduce('sum', partial));
      }
      const sum = summedRowSplit(b, { id: 'sum' }, x, { weights, columns, note, blocks }); // [M, out]
      return b.finish(biasAfterSum(b, 'y', sum, weights));
    });
  }
}
