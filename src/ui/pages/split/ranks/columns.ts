/** The columns of the ranks' table: each says what it shows of one rank, and of all. */

import type { RankTimes, SplitRun } from '#lab/split/run.ts';
import { lengthOf } from '#numerics/ranges.ts';
import type { PlannedProduct, ProductShard } from '#program/splitPlan.ts';
import { formatBytes, formatFlops, formatMs, formatShape } from '#ui/format.ts';

export interface RanksColumn {
  readonly id: string;
  readonly label: string;
  /** What the number is, in a line. */
  readonly note: string;
  /** One line for each product of the plan, or one in all. */
  readonly of: (run: SplitRun, rank: number) => readonly string[];
  /** Over all ranks; empty where that says nothing. */
  readonly total: (run: SplitRun) => string;
}

export function columnsOf(run: SplitRun): RanksColumn[] {
  const inputs = run.plan.products.map(({ names }) => names.x).join(', ');
  const weights = run.plan.products.map(({ names }) => names.w).join(', ');
  const stored = run.params.stored;
  return [
    {
      id: 'x',
      label: `${inputs} shard`,
      note: 'rows × columns that the rank multiplies',
      of: shapes((shard) => formatShape(lengthOf(shard.x.rows), lengthOf(shard.x.cols))),
      total: () => '',
    },
    {
      id: 'w',
      label: `${weights} shard`,
      note: stored ? 'as stored: out × in' : 'rows × columns, as in X·W',
      of: shapes(({ w }) => {
        const [outs, ins] = [lengthOf(w.rows), lengthOf(w.cols)];
        return stored ? formatShape(outs, ins) : formatShape(ins, outs);
      }),
      total: () => '',
    },
    {
      id: 'weights',
      label: 'Weights',
      note: 'bytes of weight and bias that the rank keeps',
      of: (run, rank) => [formatBytes(sumOf(run, rank, (shard) => shard.weightBytes))],
      total: (run) => formatBytes(sumOfAll(run, (shard) => shard.weightBytes)),
    },
    {
      id: 'flops',
      label: 'FLOPs',
      note: 'two for each multiply-add',
      of: (run, rank) => [formatFlops(sumOf(run, rank, (shard) => shard.flops))],
      total: (run) => formatFlops(sumOfAll(run, (shard) => shard.flops)),
    },
    {
      id: 'sent',
      label: 'Sent',
      note: 'bytes that the next rank read from this one',
      of: (run, rank) => [formatBytes(run.bytesSent[rank] ?? 0)],
      total: (run) => formatBytes(run.bytesSent.reduce((sum, bytes) => sum + bytes, 0)),
    },
    time('upload', 'Upload', 'to the device'),
    time('gemm', 'GEMM', 'the product, from dispatch until the device is done'),
    time('gemmGpu', 'GPU', 'the product by the GPU’s own clock; n/a where it has none'),
    time('readback', 'Readback', 'from the device to shared memory'),
    time('bias', 'Bias', 'adding it to the sum'),
    time('wait', 'Wait', 'for the previous rank, in the ring'),
    time('ring', 'Ring', 'reading, adding and copying chunks'),
  ];
}

function time(key: keyof RankTimes, label: string, note: string): RanksColumn {
  return {
    id: key,
    label,
    note,
    of: (run, rank) => [formatMs(run.times[rank]?.[key] ?? null)],
    total: (run) => {
      const known = run.times.map((times) => times[key]).filter((ms) => ms !== null);
      return known.length === 0 ? formatMs(null) : formatMs(Math.max(...known));
    },
  };
}

/** Where there are two products, each line says which matrix it is. */
function shapes(shape: (shard: ProductShard) => string): RanksColumn['of'] {
  return (run, rank) => run.plan.products.map((product) => shapeLine(product, rank, shape));
}

function shapeLine(product: PlannedProduct, rank: number, shape: (shard: ProductShard) => string): string {
  const shard = product.shards[rank];
  return shard === undefined ? '' : shape(shard);
}

function sumOf({ plan }: SplitRun, rank: number, number: (shard: ProductShard) => number): number {
  return plan.products.reduce(
    (sum, { shards }) => sum + (shards[rank] === undefined ? 0 : number(shards[rank])),
    0,
  );
}

function sumOfAll(run: SplitRun, number: (shard: ProductShard) => number): number {
  return run.times.reduce((sum, _, rank) => sum + sumOf(run, rank, number), 0);
}
