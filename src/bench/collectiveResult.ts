/** A result of a collective, from the little that another program tells of it. */

import { bandwidths } from '../collectives/bandwidth.ts';
import type { CollectiveOp } from '../collectives/kinds.ts';
import { median, quantile } from '../numerics/statistics.ts';
import type { BenchCase, BenchResult } from './record.ts';

export interface ToldCollective extends Pick<BenchCase, 'backend' | 'transport' | 'dtype'> {
  readonly op: CollectiveOp;
  readonly worldSize: number;
  /** Of the whole buffer, whatever the program calls its size. */
  readonly bytes: number;
  /** At least one: a mean or a median where there is no more. */
  readonly samplesMs: readonly number[];
  /** As the program has them; where left out they follow from the median. */
  readonly told?: { readonly algBwGBs: number; readonly busBwGBs: number };
  /** 0 where left out. */
  readonly wrong?: number;
  /** What of it differs from ours; parts that are '' are left out. */
  readonly notes: readonly string[];
}

export function collectiveResult(from: ToldCollective): BenchResult {
  const { op, backend, transport, worldSize, dtype, bytes, samplesMs, told, wrong = 0, notes } = from;
  const medianMs = median(samplesMs);
  return {
    op,
    backend,
    placement: 'process',
    transport: worldSize === 1 ? 'none' : transport,
    worldSize,
    dtype,
    shape: {},
    bytes,
    variant: '',
    samplesMs,
    medianMs,
    p10Ms: quantile(samplesMs, 0.1),
    p90Ms: quantile(samplesMs, 0.9),
    gflops: 0,
    ...(told ?? bandwidths(op, worldSize, bytes, medianMs)),
    // Waiting for others cannot be told from moving data inside of a library.
    computeMs: 0,
    commMs: samplesMs.reduce((sum, ms) => sum + ms, 0) / samplesMs.length,
    waitMs: 0,
    maxAbsError: Number.NaN,
    wrong,
    ok: wrong === 0,
    note: notes.filter((part) => part !== '').join(', '),
  };
}
