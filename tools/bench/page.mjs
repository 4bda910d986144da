// A page that can run the benchmark.

import { openHeadless } from '../headless.mjs';

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {import('../../src/bench/options.ts').BenchOptions} BenchOptions
 */

/**
 * @typedef {object} Run
 * @property {AbortSignal} signal ends the run; what is done stays
 * @property {(progress: import('../../src/lab/bench/runner.ts').BenchProgress) => void} onProgress
 * @property {(result: import('../../src/bench/record.ts').BenchResult) => void} onResult
 * @property {(environment: import('../../src/bench/record.ts').BenchEnvironment) => void} onEnvironment
 */

/** @param {import('../headless.mjs').PageOptions} options */
export async function openPage(options) {
  const { page, close } = await openHeadless(options);
  return {
    run: (/** @type {BenchOptions} */ bench, /** @type {Run} */ callbacks) => run(page, bench, callbacks),
    close,
  };
}

/**
 * False where the signal has ended it.
 * @param {Page} page
 * @param {BenchOptions} options
 * @param {Run} callbacks
 * @returns {Promise<boolean>}
 */
async function run(page, options, { signal, onProgress, onResult, onEnvironment }) {
  await page.exposeFunction('ringsideProgress', onProgress);
  await page.exposeFunction('ringsideResult', onResult);
  await page.exposeFunction('ringsideEnvironment', onEnvironment);
  const headless = await page.evaluateHandle((path) => import(path), '/src/lab/bench/headless.ts');
  const stop = () => void headless.evaluate(({ stop }) => stop()).catch(() => {}); // the browser may be gone
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return headless.evaluate(({ run }, bench) => {
    const { ringsideProgress, ringsideResult, ringsideEnvironment } = /** @type {any} */ (window);
    return run(bench, {
      progress: ringsideProgress,
      result: ringsideResult,
      environment: ringsideEnvironment,
    });
  }, options);
}
