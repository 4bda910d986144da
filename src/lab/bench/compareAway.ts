/** Compares pairs in a worker, so that the page stays free. */

import type { Comparison, Pair } from './compare.ts';

/** @returns a function that ends it; `onComparison` is called once a pair, in their order */
export function compareAway(
  pairs: readonly Pair[],
  onComparison: (comparison: Comparison) => void,
): () => void {
  if (pairs.length === 0) return () => {};
  const worker = new Worker(new URL('./compare.worker.ts', import.meta.url), { type: 'module' });
  let left = pairs.length;
  worker.onmessage = ({ data }: MessageEvent<Comparison>) => {
    onComparison(data);
    left--;
    if (left === 0) worker.terminate();
  };
  for (const pair of pairs) worker.postMessage(pair);
  return () => worker.terminate();
}
