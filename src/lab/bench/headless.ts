/** The benchmark of a page without a face, which tools/bench.mjs opens and drives. */

import { LabError } from '../../base/errors.ts';
import type { BenchOptions } from '../../bench/options.ts';
import type { BenchEnvironment, BenchResult } from '../../bench/record.ts';
import { pageEnvironment } from './headers.ts';
import { type BenchProgress, runBench } from './runner.ts';

/** Each settles when whoever drives the page has taken it. */
export interface HeadlessHost {
  readonly progress: (progress: BenchProgress) => Promise<void>;
  readonly result: (result: BenchResult) => Promise<void>;
  /** Once at the beginning, and again when the GPU is known. */
  readonly environment: (environment: BenchEnvironment) => Promise<void>;
}

const stopping = new AbortController();

/** False where it was stopped. */
export async function run(options: BenchOptions, host: HeadlessHost): Promise<boolean> {
  const told: Promise<void>[] = [];
  const environment = pageEnvironment(null);
  told.push(host.environment(environment));
  try {
    await runBench(options, {
      signal: stopping.signal,
      resumed: async () => {},
      onProgress: (progress) => told.push(host.progress(progress)),
      onResult: (result) => told.push(host.result(result)),
      onDevice(device) {
        if (device.kind !== 'webgpu') return;
        told.push(host.environment({ ...environment, adapter: device.adapter }));
      },
    });
    return true;
  } catch (thrown) {
    if (stopping.signal.aborted && thrown instanceof LabError && thrown.code === 'closed') return false;
    throw thrown;
  } finally {
    await Promise.all(told);
  }
}

export function stop(): void {
  stopping.abort();
}
