import { expect, it } from 'vitest';
import type { BenchResult } from '../../../../math/bench/record.ts';
import { findingsOf } from './findings.ts';

function resultOf(patch: Partial<BenchResult>): BenchResult {
  return {
    ...{ op: 'gemm', backend: 'webgpu', placement: 'worker', transport: 'none' },
    ...{ worldSize: 1, dtype: 'f32', shape: { m: 16, k: 512, n: 2048 }, bytes: 0, variant: 'tiles' },
    ...{ samplesMs: [1, 1], medianMs: 1, p10Ms: 1, p90Ms: 1, gflops: 30, algBwGBs: 0, busBwGBs: 0 },
    ...{ computeMs: 1, commMs: 0, waitMs: 0, maxAbsError: 0, wrong: 0, ok: true, note: '' },
    ...patch,
  };
}

it('is of cells that are right, and that were measured in a tab that could be seen', () => {
  const wrong = resultOf({ gflops: 900, wrong: 7, ok: false });
  const hidden = resultOf({ gflops: 800, note: 'unreliable: the tab was hidden' });
  expect(findingsOf([wrong, hidden, resultOf({})]).title).toBe('One rank multiplies at 30.0 GFLOP/s');
  expect(findingsOf([wrong, hidden]).title).toBe('No time here can be built on');
});

it('says what there is where there is nothing to find', () => {
  expect(findingsOf([resultOf({ samplesMs: [], medianMs: 0, ok: false })]).title).toBe(
    'Nothing could be measured',
  );
  expect(findingsOf([resultOf({ op: 'mlp' })]).title).toBe('1 cell measured');
});
