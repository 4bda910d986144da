/** {@link readRuns} in a worker, so that the page stays free. */

import { type PackedReading, unpacked } from './packed.ts';
import type { Reading } from './readRuns.ts';

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
