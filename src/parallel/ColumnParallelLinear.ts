import { type Range, shardRanges } from '../numerics/ranges.ts';
import { checkRanges, checkSizes } from '../program/checks.ts';
import { cutOf } from '../program/cuts.ts';
import { columnSplit } from '../program/linear.ts';
import { programBuilder } from '../program/ProgramBuilder.ts';
import type { ParallelContext } from './context.ts';
import { ParallelLinear } from './ParallelLinear.ts';

export interface ColumnParallelOptions {
  readonly bias?: boolean;
  /** The out-features of each rank, where they are not to be balanced: whole heads. To gather, they must be disjoint. */
  readonly ranges?: readonly Range[];
  /** Put the columns of all ranks together by an allGather, so that each rank holds the whole of y. Default true. */
  readonly gatherOutput?: boolean;
}

/**
 * y = x·Wᵀ + b with W `[out, in]` cut along `out`: each rank computes its own columns of y from the whole of x, so
 * that nothing has to be summed, and each element has exactly the bits of the unsplit product.
 *
 * x `[M, in]` → `[M, out]` on every rank, or this rank's `[M, out/p]` without gatherOutput.
 */
export class ColumnParallelLinear extends ParallelLinear {
  /** @throws LabError `input` where a size is none */
  constructor(
    context: ParallelContext,
    inFeatures: number,
    outFeatures: number,
    { bias = true, ranges: given, gatherOutput = true }: ColumnParallelOptions = {},
  ) {
    const { worldSize } = context;
    checkSizes('ColumnParallelLinear', { inFeatures, outFeatures });
    const ranges = given ?? shardRanges(outFeatures, worldSize);
    checkRanges('ColumnParallelLinear', ranges, outFeatures, worldSize);
    const columns = cutOf('column', ranges);
    const weights = { name: 'linear', label: 'W', out: outFeatures, in: inFeatures, bias };
    super(context, { weights, own: columns, dim: 0 }, (rows) => {
      const b = programBuilder(worldSize, rows);
      const x = b.input('x', [rows, inFeatures]);
      b.stage('column split', 'no communication');
      const y = columnSplit(b, 'y', x, weights, columns); // [M, out/p]
      if (!gatherOutput) return b.finish(y);
      b.stage('all-gather', 'the columns of all ranks, side by side');
      return b.finish(b.allGather({ id: 'whole', label: 'y' }, y)); // [M, out]
    });
  }
}
