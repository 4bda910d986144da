/** What this browser's own device does: one product that reads many weights, and one that computes much. */

import { LabError } from '../../base/errors.ts';
import { type BenchOptions, DEFAULT_OPTIONS } from '../../bench/options.ts';
import type { BenchResult } from '../../bench/record.ts';
import { runBench } from '../bench/runner.ts';
import { isTrusted } from '../bench/trust.ts';

export interface MeasuredAdapter {
  /** "NVIDIA RTX 4090", as the browser calls it. */
  readonly label: string;
  /** As they were reached, by the kernels here and in float32. */
  readonly teraflops: number;
  readonly memoryGBs: number;
}

/** One row reads 64 MiB of weights for hardly any FLOPs; 512 rows have as many for every byte as a prompt. */
const READS = { m: 1, k: 4096, n: 4096 };
const COMPUTES = { m: 512, k: 1024, n: 1024 };
const READ_BYTES = 4 * READS.k * READS.n;

const OPTIONS: BenchOptions = {
  ...DEFAULT_OPTIONS,
  suites: ['gemm'],
  ranks: [1],
  shapes: [READS, COMPUTES],
  variants: ['registers', 'tiles-64', 'tiles-128', 'few-rows'],
  budgetMs: 200,
};

/**
 * The quickest of the kernels, on the GPU where there is one, else on the CPU.
 * @throws LabError `environment` where neither gave a result, `closed` where the signal ends it
 */
export async function measureAdapter(signal: AbortSignal): Promise<MeasuredAdapter> {
  for (const device of ['webgpu', 'cpu'] as const) {
    const results: BenchResult[] = [];
    let label = 'this CPU';
    await runBench(
      { ...OPTIONS, devices: [device] },
      {
        signal,
        resumed: async () => {},
        onProgress: () => {},
        onResult: (result) => results.push(result),
        onDevice: (info) => {
          if (info.kind === 'webgpu') label = info.label;
        },
      },
    );
    const quickest = (rows: number): BenchResult | undefined =>
      results
        .filter((result) => isTrusted(result) && result.shape['m'] === rows)
        .toSorted((a, b) => a.medianMs - b.medianMs)[0];
    const [reads, computes] = [quickest(READS.m), quickest(COMPUTES.m)];
    if (reads === undefined || computes === undefined) continue;
    return {
      label,
      memoryGBs: READ_BYTES / reads.medianMs / 1e6,
      teraflops: computes.gflops / 1e3,
    };
  }
  throw new LabError(
    'environment',
    'This browser’s device gave no result that can be built on. Type its four numbers.',
  );
}
