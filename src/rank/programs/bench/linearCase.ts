/** The seed's two layers by themselves: x `[m, k]` by a stored weight `[n, k]`, with bias. */

import type { BenchCase } from '../../../bench/record.ts';
import { lengthOf, type Range, shardRange } from '../../../numerics/ranges.ts';
import { ColumnParallelLinear } from '../../../parallel/ColumnParallelLinear.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { RowParallelLinear } from '../../../parallel/RowParallelLinear.ts';
import { seededRows } from '../layer/numbers.ts';
import type { RunnableLayer } from '../layer/SeededLayer.ts';

/**
 * column_linear gathers its output; row_linear is given its own columns of x, as a column split leaves them. So both end
 * with the whole of y on every rank.
 */
export function buildLinear(
  context: ParallelContext,
  op: 'column_linear' | 'row_linear',
  { shape }: BenchCase,
  seed: number,
): RunnableLayer {
  const { k = 0, n = 0, blocks = 1 } = shape;
  const { rank, worldSize } = context;
  const layer =
    op === 'column_linear'
      ? new ColumnParallelLinear(context, k, n)
      : new RowParallelLinear(context, k, n, { blocks });
  const cols = op === 'column_linear' ? { start: 0, end: k } : shardRange(k, worldSize, rank);
  return {
    load: (weights) => layer.loadFrom(weights, 'linear'),
    prepare(rows: Range) {
      const whole = seededRows(seed, rows, k);
      const width = lengthOf(cols);
      const own = new Float32Array(lengthOf(rows) * width);
      for (let row = 0; row < lengthOf(rows); row++) {
        own.set(whole.subarray(row * k + cols.start, row * k + cols.end), row * width);
      }
      const x = context.device.tensor(own, [lengthOf(rows), width]);
      return { inputs: { x }, run: () => layer.forward(x), free: () => context.device.free(x) };
    },
    truncate: () => {},
    free: () => layer.free(),
  };
}
