/** The numbers behind one element of Y, as this rank knows them. */

import { lengthOf, shardRange } from '../../numerics/ranges.ts';
import type { ProductShard, SplitPlan } from '../../program/splitPlan.ts';
import type { SplitProbe } from '../../protocol.ts';
import { exactOutput, type SplitInputs } from './splitInputs.ts';

/** What a run leaves behind. */
export interface Finished {
  readonly plan: SplitPlan;
  readonly inputs: SplitInputs;
  /** This rank's part of each product. */
  readonly shards: readonly ProductShard[];
  /** X `[M, K]`, or this rank's columns of it. */
  readonly x: Float32Array;
  readonly weights: readonly Float32Array[];
  /** What each product gave on this rank: its columns, or its partial before the sum. */
  readonly outputs: readonly Float32Array[];
  /** Y as this rank holds it in the end. */
  readonly y: Float32Array;
}

/** The page shows this many factors of a rank's dot product, and says how many there are. */
const FACTORS_SHOWN = 64;

export function probeCell(rank: number, finished: Finished, row: number, col: number): SplitProbe {
  const { plan, inputs, shards, x, weights, outputs, y } = finished;
  const last = shards.length - 1;
  const shard = shards[last] as ProductShard;
  const { cols } = shard.y;
  const computed = col >= cols.start && col < cols.end;
  const count = computed ? lengthOf(shard.x.cols) : 0;
  const shown = Math.min(count, FACTORS_SHOWN);
  const input = last === 0 ? x : (outputs[last - 1] as Float32Array);
  const xStart = row * count;
  const wStart = (col - cols.start) * count;
  const width = plan.replicated ? plan.output.cols : lengthOf(cols);
  const holds = plan.replicated || computed;
  return {
    rank,
    term: computed
      ? ((outputs[last] as Float32Array)[row * lengthOf(cols) + col - cols.start] ?? null)
      : null,
    x: input.slice(xStart, xStart + shown),
    w: (weights[last] as Float32Array).slice(wStart, wStart + shown),
    count,
    bias: biasAfterSum(plan, inputs, col),
    result: holds ? (y[row * width + col - (plan.replicated ? 0 : cols.start)] ?? null) : null,
    expected: expectedOnce(plan, inputs, rank, row, col),
  };
}

function biasAfterSum({ products, config }: SplitPlan, inputs: SplitInputs, col: number): number | null {
  const last = products[products.length - 1];
  if (last?.layer !== 'row' || !last.bias || config.biasOnEveryRank) return null;
  return inputs.layers[products.length - 1]?.bias(col) ?? null;
}

/** The unsplit element; in a pair it needs a whole row of H, so that only the column's owner computes it. */
function expectedOnce(
  plan: SplitPlan,
  inputs: SplitInputs,
  rank: number,
  row: number,
  col: number,
): number | null {
  const own = shardRange(plan.output.cols, plan.config.worldSize, rank);
  if (col < own.start || col >= own.end) return null;
  const cell = (index: number) => ({ start: index, end: index + 1 });
  return exactOutput(plan, inputs, cell(row), cell(col)).values[0] ?? null;
}
