/** What threads can do at most: of each core alone, and of two at once. */

import * as Comlink from 'comlink';
import type { LimitName } from '../works.ts';
import type { LimitThread } from './limits.worker.ts';
import type { PageRunner } from './runner.ts';

export function limitRunner(limit: LimitName, threads: number): PageRunner {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./limits.worker.ts', import.meta.url), { type: 'module' }),
  );
  const remotes = workers.map((worker) => Comlink.wrap<LimitThread>(worker));
  return {
    prepare: async () => ({ wrong: 0, maxAbsError: 0, atOnce: Number.POSITIVE_INFINITY }),
    /** The slower thread is the speed of both. */
    async iterate(runs) {
      return Math.max(...(await Promise.all(remotes.map((remote) => remote.iterate(limit, runs)))));
    },
    release: async () => {},
    close() {
      for (const worker of workers) worker.terminate();
    },
  };
}
