/** Reads a folder in a worker: a tokenizer.json of 17 MB is parsed there, and there alone a browser lets files be kept. */

import { LabError } from '../../base/errors.ts';
import { type SourceOptions, type SourceSpec, stopped } from '../../checkpoint/source.ts';
import type { Outcome } from '../../protocol.ts';
import { valueIn } from '../outcome.ts';
import type { ModelFolder } from './folder.ts';
import type { FolderNews, FolderTask } from './folder.worker.ts';

/**
 * As readFolder(), which it calls.
 * @throws LabError as readFolder() does; `environment` where the worker does not start, `closed` where the signal ends it
 */
export async function readFolderAway(
  source: SourceSpec,
  name: string,
  { signal, onBytes, onWarning }: SourceOptions = {},
): Promise<ModelFolder> {
  const ended = stopped(signal);
  if (ended !== null) throw ended;
  const worker = new Worker(new URL('./folder.worker.ts', import.meta.url), { type: 'module' });
  const ending = new AbortController();
  try {
    const outcome = await new Promise<Outcome<ModelFolder>>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(stopped(signal)), { signal: ending.signal });
      worker.onmessage = ({ data }: MessageEvent<FolderNews>) => {
        switch (data.kind) {
          case 'bytes':
            return onBytes?.(data.count, data.from);
          case 'warning':
            return onWarning?.(data.sentence);
          case 'end':
            return resolve(data.outcome);
          default:
            return data satisfies never;
        }
      };
      worker.onerror = (event) => {
        const why = event.message || 'its reader did not start'; // of which a browser tells nothing
        reject(new LabError('environment', `The model cannot be read here: ${why}. Load the page again.`));
      };
      const task: FolderTask = { source, name };
      worker.postMessage(task);
    });
    return valueIn(outcome);
  } finally {
    ending.abort();
    worker.terminate();
  }
}
