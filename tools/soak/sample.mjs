// What a page and its browser hold at a moment.

import { residentOf } from '../processes.mjs';

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {import('@playwright/test').CDPSession} CDPSession
 * @typedef {object} Sample
 * @property {number} launches so far
 * @property {number} seconds
 * @property {number} workers that the browser has for the page, but for the planner's, which lives as long as the page
 * @property {number} heapMiB of the page's JavaScript, after a garbage collection
 * @property {number} nodes of the DOM
 * @property {number} listeners
 * @property {number | null} processMiB resident in all of the browser's processes; null where there is no /proc
 * @property {Readonly<Record<string, number>>} perType the same by the type of process
 */

const MIB = 2 ** 20;
/** What is terminated or dropped is gone only a moment later. */
const SETTLE_MS = 1000;

/**
 * @param {Page} page
 * @param {CDPSession} cdp
 * @param {number | undefined} pid of the browser's first process
 * @returns {Promise<Omit<Sample, 'launches' | 'seconds'>>}
 */
export async function takeSample(page, cdp, pid) {
  await page.waitForTimeout(SETTLE_MS);
  // The second takes what the finalizers of the first have let go of.
  for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  const perType = pid === undefined ? {} : residentOf(pid);
  const sizes = Object.values(perType);
  return {
    workers: page.workers().filter((worker) => !worker.url().includes('plan.worker')).length,
    heapMiB: usedSize / MIB,
    nodes,
    listeners: jsEventListeners,
    processMiB: sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0),
    perType,
  };
}
