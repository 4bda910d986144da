/** A run in a tab that can be seen, from its begin to its end. */

import { vi } from 'vitest';
import type { BenchOptions } from '../../../bench/options.ts';
import type { BenchResult } from '../../../bench/record.ts';
import { runBench } from '../runner.ts';

/** Puts a document there; vi.unstubAllGlobals takes it away. */
export async function resultsOf(options: BenchOptions): Promise<BenchResult[]> {
  vi.stubGlobal('document', { hidden: false, addEventListener() {}, removeEventListener() {} });
  const results: BenchResult[] = [];
  await runBench(options, {
    signal: new AbortController().signal,
    resumed: async () => {},
    onProgress: () => {},
    onResult: (result) => results.push(result),
    onDevice: () => {},
  });
  return results;
}
