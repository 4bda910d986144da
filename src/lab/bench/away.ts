/** What takes long, in workers, so that the page stays free. */

import type { Comparison, Pair } from './compare.ts';
import { type PackedReading, unpacked } from './packed.ts';
import type { Reading } from './readRuns.ts';

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

/** @returns a function that ends it; nothing is told after `end` or `problem`, nor after that */
export function readAway(source: Blob | string, tell: (reading: Reading) => void): () => void {
  const worker = new Worker(new URL('./imports.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<PackedReading>) => {
    if (data.kind === 'end' || data.kind === 'problem') worker.terminate();
    tell(unpacked(data));
  };
  worker.onerror = (event) => {
    worker.terminate();
    const why = event.message || 'its reader did not start'; // of which a browser tells nothing
    tell({ kind: 'problem', message: `It cannot be read here: ${why}.` });
  };
  worker.postMessage(source);
  return () => worker.terminate();
}
