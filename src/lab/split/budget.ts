/** How much a page may ask of its ranks. */

import { bytesOf } from '../../numerics/dtype.ts';
import { blockSize } from '../../numerics/matrix.ts';
import type { SplitConfig } from '../../program/split.ts';
import { type ProductShard, planSplit, type SplitPlan } from '../../program/splitPlan.ts';
import { arenaFor } from '../arena.ts';
import { millions } from '../parameters.ts';

/** Multiply-adds in one product: a software adapter needs seconds for this many. */
const MAX_PRODUCT = 2 ** 31;
/** float32 elements in one matrix. */
const MAX_ELEMENTS = 2 ** 26;
/** float32 elements that all ranks hold together: 600 MB, and as much again on their devices. */
const MAX_HELD = 150e6;

/** Why the product would be too much, and what would not; null where it is not. Sizes and ranks are in their ranges. */
export function budgetProblem(config: SplitConfig): string | null {
  const { split, worldSize, m, k, n } = config;
  const largest = Math.max(m * k, k * n, m * n);
  if (largest > MAX_ELEMENTS) {
    return (
      `The largest matrix would have ${millions(largest)} million elements, and a page should hold at most ` +
      `${millions(MAX_ELEMENTS)} million. Make the larger of M, K and N smaller.`
    );
  }
  if (m * k * n > MAX_PRODUCT) {
    const rows = Math.floor(MAX_PRODUCT / (k * n));
    return (
      `M·K·N is ${millions(m * k * n)} million multiply-adds, and the page stops at ${millions(MAX_PRODUCT)} million. ` +
      (rows >= 1 ? `With these K and N, M can be up to ${rows}.` : 'Make K or N smaller.')
    );
  }
  const held = heldElements(config);
  if (held <= MAX_HELD) return null;
  return (
    `The ${worldSize} ranks would hold ${millions(held)} million numbers together, and a page should hold at most ` +
    `${millions(MAX_HELD)} million. ` +
    (split === 'none'
      ? 'Without a split each rank holds all of it: take fewer ranks, or a split.'
      : 'Take fewer ranks or smaller sizes.')
  );
}

/** float32 elements that all ranks hold. */
function heldElements(config: SplitConfig): number {
  const plan = planSplit(config);
  const ranks = Array.from({ length: config.worldSize }, (_, rank) => heldBy(plan, rank));
  return ranks.reduce((sum, held) => sum + held, 0);
}

/** X, the weights and results of every product, and where it is gathered the whole of Y. */
function heldBy({ products, collective, output }: SplitPlan, rank: number): number {
  const gathered = collective?.kind === 'all_gather' ? output.rows * output.cols : 0;
  return products.reduce((sum, { shards }, index) => {
    const { x, w, y } = shards[rank] as ProductShard;
    return sum + (index === 0 ? blockSize(x) : 0) + blockSize(w) + blockSize(y);
  }, gathered);
}

/** What a rank of the plan asks of the group's memory. */
export function arenaBytes(config: SplitConfig): number {
  const plan = planSplit(config);
  const biased = plan.output.rows * plan.output.cols; // where a bias comes after the sum, there is another Y
  return arenaFor(bytesOf(heldBy(plan, 0) + biased, 'f32')); // whatever does not divide goes to the first ranks
}
