import { bandwidths } from '../../collectives/bandwidth.ts';
import { quantile } from '../../numerics/statistics.ts';
import type { BenchResult } from '../record.ts';

/** A sound all-reduce of 4 KiB on two CPU ranks, which took `ms`; and otherwise what `patch` says. */
export function resultOf(patch: Partial<BenchResult> = {}, ms = 1): BenchResult {
  const { samplesMs = [ms], bytes = 4096 } = patch;
  const known = samplesMs.length > 0 ? samplesMs : [ms];
  return {
    op: 'all_reduce',
    backend: 'cpu',
    placement: 'worker',
    transport: 'shared-memory-auto',
    worldSize: 2,
    dtype: 'f32',
    shape: {},
    bytes,
    variant: '',
    samplesMs,
    medianMs: ms,
    p10Ms: quantile(known, 0.1),
    p90Ms: quantile(known, 0.9),
    gflops: 0,
    ...bandwidths('all_reduce', 2, bytes, ms),
    computeMs: 0,
    commMs: ms,
    waitMs: 0,
    maxAbsError: 0,
    wrong: 0,
    ok: true,
    note: '',
    ...patch,
  };
}
