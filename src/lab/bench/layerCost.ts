/** What a layer's case asks of a rank, from its plan: nothing of it is measured. */

import { specOfCase } from '../../math/bench/cases.ts';
import type { BenchCase, CollectiveOp, LayerOp } from '../../math/bench/record.ts';
import { linearFlops } from '../../math/costs.ts';
import { planLayer } from '../../math/plans/layers.ts';
import { costOf } from '../../math/plans/plan.ts';
import { lengthOf, shardRange } from '../../math/ranges.ts';

export interface LayerCost {
  /** Of the rank that has the most, which the others wait for. */
  readonly flops: number;
  /** That it holds. */
  readonly weightBytes: number;
  readonly collectives: readonly { readonly kind: CollectiveOp; readonly bytes: number }[];
}

export type LayerCase = Pick<BenchCase, 'shape' | 'worldSize'> & { readonly op: LayerOp };

export function isLayerCase<T extends Pick<BenchCase, 'op'>>(one: T): one is T & { readonly op: LayerOp } {
  return LAYER_OPS.has(one.op);
}

const LAYER_OPS: ReadonlySet<string> = new Set<LayerOp>([
  'column_linear',
  'row_linear',
  'mlp',
  'attention',
  'embedding',
  'block',
]);

const planned = new Map<string, LayerCost>();

/** Planned once a case: a plan of 64 ranks takes a while. */
export function layerCostOf(one: LayerCase): LayerCost {
  const key = JSON.stringify([one.op, one.worldSize, one.shape]);
  const known = planned.get(key);
  if (known !== undefined) return known;
  const cost = costOfLayer(one);
  planned.set(key, cost);
  return cost;
}

function costOfLayer({ op, shape, worldSize }: LayerCase): LayerCost {
  const { m = 0, k = 0, n = 0, past = 0 } = shape;
  if (op === 'column_linear' || op === 'row_linear') {
    const column = op === 'column_linear';
    const own = lengthOf(shardRange(column ? n : k, worldSize, 0)); // the first rank has the most
    return {
      flops: column ? linearFlops(m, k, own) : linearFlops(m, own, n),
      weightBytes: 4 * own * (column ? k : n),
      collectives: [{ kind: column ? 'all_gather' : 'all_reduce', bytes: 4 * m * n }],
    };
  }
  const plan = planLayer(specOfCase(op, shape), worldSize, { tokens: m, past });
  const costs = Array.from({ length: worldSize }, (_, rank) => costOf(plan, rank));
  const most = costs.reduce((a, b) => (b.flops > a.flops ? b : a));
  return { flops: most.flops, weightBytes: most.weightBytes, collectives: most.collectives };
}
