/** A thread of Node that runs one rank of a collectives test after another; see src/comm/testing. */

import { parentPort } from 'node:worker_threads';
import type { Order } from '../../src/comm/testing/work.ts';
import { work } from '../../src/comm/testing/work.ts';

parentPort?.on('message', async (order: Order) => {
  parentPort?.postMessage(await work(order));
});
