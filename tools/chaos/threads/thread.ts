/** A worker thread of Node that runs one rank of a case after another. */

import { parentPort } from 'node:worker_threads';
import { runCase, type ThreadOrder } from './runCase.ts';

parentPort?.on('message', async (order: ThreadOrder) => {
  parentPort?.postMessage(await runCase(order, () => process.exit()));
});
parentPort?.postMessage('ready');
