// What a page and its browser hold at a moment.

import { readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {import('@playwright/test').CDPSession} CDPSession
 * @typedef {object} Sample
 * @property {number} launches so far
 * @property {number} seconds
 * @property {number} workers that the browser has for the page
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
 * @param {number} pid of the browser's first process
 * @returns {Promise<Omit<Sample, 'launches' | 'seconds'>>}
 */
export async function takeSample(page, cdp, pid) {
  await page.waitForTimeout(SETTLE_MS);
  // The second takes what the finalizers of the first have let go of.
  for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  const perType = residentOf(pid);
  const sizes = Object.values(perType);
  return {
    workers: page.workers().length,
    heapMiB: usedSize / MIB,
    nodes,
    listeners: jsEventListeners,
    processMiB: sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0),
    perType,
  };
}

/**
 * Resident memory in MiB of a process and all below it, by what Chromium calls their type. Pages that processes share,
 * of the program's own code, count in each: their share is constant.
 * @param {number} pid
 */
function residentOf(pid) {
  /** @type {Record<string, number>} */
  const perType = {};
  for (const one of [pid, ...descendantsOf(pid)]) {
    const status = read(`/proc/${one}/status`);
    const resident = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
    if (resident === undefined) continue; // gone meanwhile, or no Linux
    const type = /--type=([\w-]+)/.exec(read(`/proc/${one}/cmdline`))?.[1] ?? 'browser';
    perType[type] = (perType[type] ?? 0) + Number(resident) / 1024;
  }
  return perType;
}

/**
 * @param {number} pid
 * @returns {number[]}
 */
function descendantsOf(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of list('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (/** @type {number} */ one) => {
    /** @type {number[]} */
    const all = (children.get(one) ?? []).flatMap((child) => [child, ...below(child)]);
    return all;
  };
  return below(pid);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
