/** The products of the Split page: X·W cut by columns, by rows or not at all, or a column → row pair. */

import { evenCut } from './cuts.ts';
import {
  biasAfterSum,
  columnSplit,
  type LinearWeights,
  linear,
  rowSplit,
  rowSplitWithBias,
} from './linear.ts';
import { programBuilder } from './ProgramBuilder.ts';
import type { Program, Value } from './program.ts';

export type Split = 'none' | 'column' | 'row' | 'pair';

export interface SplitConfig {
  readonly split: Split;
  readonly worldSize: number;
  /** Rows of X. */
  readonly m: number;
  /** Columns of X, in-features of the (first) layer. */
  readonly k: number;
  /** Out-features of the (first) layer; in a pair the hidden width between the two. */
  readonly n: number;
  readonly bias: boolean;
  /** The tutorial's bug: each rank adds the row-parallel bias before the sum, so that it counts p times. */
  readonly biasOnEveryRank: boolean;
  /** Column split only: an allGather puts the columns of Y together on every rank. */
  readonly gatherOutput: boolean;
}

/** X `[M, K]`, or with a row split a rank's columns of it → Y `[M, N]`, or `[M, K]` of a pair. */
export function splitProgram({
  split,
  worldSize,
  m,
  k,
  n,
  bias,
  biasOnEveryRank,
  gatherOutput,
}: SplitConfig): Program {
  const b = programBuilder(worldSize, m);
  const weights = (name: string, out: number, width: number): LinearWeights => ({
    name,
    label: name,
    out,
    in: width,
    bias,
  });
  /** x is a rank's columns already: what a row split is given. */
  const rowsOf = (x: Value, w: LinearWeights): Program => {
    const by = evenCut('column', w.in, worldSize);
    b.stage('row split', 'partial sums');
    const split = biasOnEveryRank ? rowSplitWithBias : rowSplit;
    const partial = split(b, 'partial', x, w, by); // [M, out], a term of the sum
    b.stage('all-reduce');
    const sum = b.allReduce('sum', partial);
    return b.finish(biasOnEveryRank ? sum : biasAfterSum(b, 'Y', sum, w));
  };
  switch (split) {
    case 'none': {
      const x = b.input('X', [m, k]);
      b.stage('no split', 'the same on every rank');
      return b.finish(linear(b, 'Y', x, weights('W', n, k)));
    }
    case 'column': {
      const x = b.input('X', [m, k]);
      b.stage('column split', 'no communication');
      const y = columnSplit(b, 'Y', x, weights('W', n, k), evenCut('column', n, worldSize)); // [M, N/p]
      if (!gatherOutput) return b.finish(y);
      b.stage('all-gather', 'the columns of all ranks, side by side');
      return b.finish(b.allGather({ id: 'whole', label: 'Y' }, y)); // [M, N]
    }
    case 'row': {
      const x = b.input('X', [m, k], { dim: 1, by: evenCut('column', k, worldSize) }); // [M, K/p]
      return rowsOf(x, weights('W', n, k));
    }
    case 'pair': {
      const x = b.input('X', [m, k]);
      b.stage('column split', 'no communication');
      const h = columnSplit(b, 'H', x, weights('A', n, k), evenCut('column', n, worldSize)); // [M, N/p]
      return rowsOf(h, weights('B', k, n));
    }
    default:
      return split satisfies never;
  }
}
