/** A rank of y = x·Aᵀ·Bᵀ. A is cut by columns and B by rows, so that one all-reduce is all that is sent. */

import { ColumnParallelLinear, type RankContext, RowParallelLinear, serve } from 'ringside/rank';

export function program(context: RankContext) {
  const { device } = context;
  const first = new ColumnParallelLinear(context, 64, 256, { bias: false, gatherOutput: false });
  const second = new RowParallelLinear(context, 256, 64, { bias: false });
  return {
    /** A `[256, 64]` and B `[64, 256]`, as PyTorch stores them; each layer keeps its own part. */
    load(a: Float32Array, b: Float32Array) {
      first.load(a);
      second.load(b);
    },
    /** x `[rows, 64]` → y `[rows, 64]`, the same bits on every rank. */
    async forward(values: Float32Array, rows: number) {
      const x = device.tensor(values, [rows, 64]);
      const h = await first.forward(x); // [rows, 256/p]
      const y = await second.forward(h); // [rows, 64], summed over the ranks
      const result = await device.read(y);
      device.free(x, h, y);
      return result;
    },
  };
}

serve(program);
