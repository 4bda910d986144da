/** The layers of a split plan, behind one face, so that the rank program reads like the plan. */

import type { Tensor } from '../../device/device.ts';
import { lengthOf } from '../../math/ranges.ts';
import type { ProductShard, SplitPlan } from '../../math/splitPlan.ts';
import { ColumnParallelLinear } from '../../parallel/ColumnParallelLinear.ts';
import { LinearShard } from '../../parallel/LinearShard.ts';
import { RowParallelLinear } from '../../parallel/RowParallelLinear.ts';
import type { RankContext } from '../serve.ts';

export interface SplitLayers {
  /** Runs each kernel on one row as long as this rank's shards are wide, so that the clock does not show compilers. */
  warmUp(shards: readonly ProductShard[]): Promise<void>;
  /** Gives product `index` this rank's weight and bias. */
  load(index: number, weight: Float32Array, bias: Float32Array | undefined): void;
  /** This rank's product, without communication. */
  multiply(index: number, x: Tensor): Tensor;
  /**
   * What follows the last product: allReduce and bias, allGather, or nothing. May return its argument. A partial is
   * overwritten by the sum: `inspect` sees it before.
   */
  finish(y: Tensor, inspect: (partial: Float32Array) => void): Promise<Tensor>;
  free(): void;
}

export function createLayers(context: RankContext, plan: SplitPlan): SplitLayers {
  const { device } = context;
  const { config } = plan;
  const layers = plan.products.map((product) => {
    const { layer, inFeatures, outFeatures, bias } = product;
    switch (layer) {
      case 'whole': {
        const shard = new LinearShard(device, outFeatures, inFeatures, bias);
        return {
          loadShard: (weight: Float32Array, b?: Float32Array) => shard.load(weight, b),
          multiply: (x: Tensor) => shard.apply(x, { withBias: true }),
          finish: async (y: Tensor) => y,
          free: () => shard.free(),
        };
      }
      case 'column': {
        const column = new ColumnParallelLinear(context, inFeatures, outFeatures, { bias });
        return Object.assign(column, {
          finish: async (y: Tensor) => (plan.collective?.kind === 'all_gather' ? column.gather(y) : y),
        });
      }
      case 'row': {
        // The page shows the ring, whatever the size; `auto` would choose another way for small matrices.
        const row = new RowParallelLinear(context, inFeatures, outFeatures, {
          bias,
          addBias: config.biasOnEveryRank ? 'every-rank' : 'after-reduce',
          reduce: { algorithm: 'ring' },
        });
        return Object.assign(row, {
          finish: async (y: Tensor, inspect: (partial: Float32Array) => void) => {
            await row.reduce(y, inspect);
            return row.addBias(y);
          },
        });
      }
      default:
        return layer satisfies never;
    }
  });

  const layer = (index: number) => {
    const found = layers[index];
    if (found === undefined) throw new Error(`the plan has no product ${index}`);
    return found;
  };
  return {
    async warmUp(shards) {
      for (const k of new Set(shards.map((shard) => lengthOf(shard.x.cols)))) {
        const row = device.tensor(new Float32Array(k), [1, k]);
        const bias = device.tensor(new Float32Array(1), [1]);
        const y = device.linear(row, row, bias); // [1, 1]
        const sum = device.add(y, bias);
        await device.sync();
        device.free(row, bias, y, sum);
      }
    },
    load: (index, weight, bias) => layer(index).loadShard(weight, bias),
    multiply: (index, x) => layer(index).multiply(x),
    finish: (y, inspect) => layer(plan.products.length - 1).finish(y, inspect),
    free: () => {
      for (const one of layers) one.free();
    },
  };
}
