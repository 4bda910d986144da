import type { BenchResult } from '../record.ts';

/** A sound all-reduce of 4 KiB on two CPU ranks, which took `ms`; and otherwise what `patch` says. */
export function resultOf(patch: Partial<BenchResult> = {}, ms = 1): BenchResult {
  return {
    op: 'all_reduce',
    backend: 'cpu',
    placement: 'worker',
    transport: 'shared-memory-auto',
    worldSize: 2,
    dtype: 'f32',
    shape: {},
    bytes: 4096,
    variant: '',
    samplesMs: [ms],
    medianMs: ms,
    p10Ms: ms,
    p90Ms: ms,
    gflops: 0,
    algBwGBs: 1,
    busBwGBs: 1,
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
