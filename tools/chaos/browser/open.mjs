// One page of a real browser in which cases run, built as the product is, and watched from outside.

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { browserArgs, ensureBrowser } from '../../browser.mjs';
import { isolationHeaders } from '../../isolation.mjs';
import { kernels } from '../../kernels.mjs';
import { renderersOf } from '../../processes.mjs';

/** So long a worker may take to be gone once it is terminated. */
const GONE_MS = 5000;

/** @typedef {import('../report.ts').Complaint} Complaint */

export async function openPage() {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const outDir = fileURLToPath(
    new URL(`../../../node_modules/.cache/ringside/chaos-page-${process.pid}`, import.meta.url),
  );
  /** @type {import('vite').InlineConfig} */
  const config = {
    configFile: false,
    root,
    logLevel: 'error',
    appType: 'mpa', // a script that is not there is a 404
    plugins: [kernels()],
    worker: { format: 'es', plugins: () => [kernels()] },
    build: { outDir, target: 'baseline-widely-available' },
    preview: { port: 0, headers: isolationHeaders },
  };
  await build(config);
  const server = await preview(config);
  const browser = await chromium.launchServer({ executablePath: ensureBrowser(), args: browserArgs });
  const page = await (await chromium.connect(browser.wsEndpoint())).newPage();
  await page.exposeFunction('freeze', (/** @type {number} */ ms) => freeze(browser.process().pid, ms));
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  let loads = 1;
  page.on('load', () => loads++);
  return {
    /**
     * @param {number} seed
     * @param {number} number
     * @returns {Promise<import('../report.ts').Told>}
     */
    async run(seed, number) {
      const { name, complaints } = await page.evaluate(
        ([seed, number]) => /** @type {any} */ (window).runCase(seed, number),
        /** @type {const} */ ([seed, number]),
      );
      if (loads > 1) throw new Error('The page was reloaded.');
      return { name, complaints: [...complaints, ...(await leaks(page))] };
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}

/**
 * Stops whatever runs the browser's pages, as a machine does that goes to sleep.
 * @param {number | undefined} pid of the browser
 * @param {number} ms
 */
async function freeze(pid, ms) {
  const renderers = pid === undefined ? [] : renderersOf(pid);
  for (const one of renderers) process.kill(one, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const one of renderers) process.kill(one, 'SIGCONT');
}

/**
 * The page counts its own calls of terminate(); here the browser is asked which threads it has.
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<Complaint[]>}
 */
async function leaks(page) {
  const end = performance.now() + GONE_MS;
  while (page.workers().length > 0 && performance.now() < end) await page.waitForTimeout(20);
  const left = page.workers().length;
  return left === 0 ? [] : [{ kind: 'leaked worker', text: `the browser still has ${left} workers` }];
}
