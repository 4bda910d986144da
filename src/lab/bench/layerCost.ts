/** What a layer's case asks of a rank, from its plan: nothing of it is measured. */

import { specOfCase } from '../../bench/cases.ts';
import { problemWithShape } from '../../bench/contradictions.ts';
import type { BenchCase, LayerOp } from '../../bench/record.ts';
import type { CollectiveKind } from '../../collectives/kinds.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import { lengthOf, shardRange, shardRanges } from '../../numerics/ranges.ts';
import { linearFlops } from '../../operations/costs.ts';
import { costOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';

export interface LayerCost {
  /** Of the rank that has the most, which the others wait for. */
  readonly flops: number;
  /** That it holds. */
  readonly weightBytes: number;
  /** Weights, cache, and all that is computed. */
  readonly heldBytes: number;
  readonly collectives: readonly { readonly kind: CollectiveKind; readonly bytes: number }[];
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

const planned = new Map<string, LayerCost | null>();
/** A plan has a shape for each rank of each tensor: so many take 20 ms, and the page waits. */
const MOST_RANKS = 512;

/** Planned once a case. Null where the shape is no layer's, as another program may have written it, or ranks are too many. */
export function layerCostOf(one: LayerCase): LayerCost | null {
  const key = JSON.stringify([one.op, one.worldSize, one.shape]);
  const known = planned.get(key);
  if (known !== undefined) return known;
  const cost = one.worldSize > MOST_RANKS || problemWithShape(one) !== null ? null : costOfLayer(one);
  planned.set(key, cost);
  return cost;
}

function costOfLayer({ op, shape, worldSize }: LayerCase): LayerCost {
  const { m = 0, k = 0, n = 0, past = 0, blocks = 1 } = shape;
  // Whatever does not divide goes to the first ranks: see shardRange.
  if (op === 'column_linear' || op === 'row_linear') {
    const column = op === 'column_linear';
    const own = lengthOf(shardRange(column ? n : k, worldSize, 0));
    return {
      flops: column ? linearFlops(m, k, own) : linearFlops(m, own, n),
      weightBytes: bytesOf(own * (column ? k : n), 'f32'),
      heldBytes: bytesOf(own * (column ? k : n) + m * (column ? k : own) + 2 * m * n, 'f32'),
      collectives: column
        ? [{ kind: 'all_gather', bytes: bytesOf(m * n, 'f32') }]
        : shardRanges(m, blocks).map((rows) => ({
            kind: 'all_reduce' as const,
            bytes: bytesOf(lengthOf(rows) * n, 'f32'),
          })),
    };
  }
  const plan = planLayer(specOfCase(op, shape), worldSize, { tokens: m, past });
  const { flops, weightBytes, kvBytes, activationBytes, collectives } = costOf(plan, 0);
  return { flops, weightBytes, heldBytes: weightBytes + kvBytes + activationBytes, collectives };
}
