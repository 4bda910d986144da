/**
 * A process of three ranks, of which rank 0 never comes. It says "waiting" when the others wait, and then what became of
 * them: whoever started it may stop it meanwhile, as a machine that goes to sleep stops everything.
 */

import { Worker } from 'node:worker_threads';
import type { Order, Report } from '../../src/comm/testing/work.ts';
import { allocateGroup } from '../../src/group/memory.ts';

const memory = allocateGroup(3, { arenaBytes: 2 ** 20 });
const testCases = [{ length: 10, op: 'sum', algorithm: 'auto', inArena: false, root: 0 }] as const;
const reports = [0, 1, 2].map((rank) => {
  const order: Order = { memory, rank, timeoutMs: 2500, script: 'stuck', testCases, valuesPerStep: 0 };
  return new Promise<Report>((resolve, reject) => {
    const worker = new Worker(new URL('./rankThread.mjs', import.meta.url));
    worker.once('error', reject);
    worker.once('message', (report: Report) => {
      resolve(report);
      void worker.terminate();
    });
    worker.postMessage(order);
  });
});
await reports[0]; // which is done at once: by then the others are about to wait
setTimeout(() => console.log('waiting'), 500);
console.log(JSON.stringify(await Promise.all(reports)));
