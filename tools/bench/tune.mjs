// `npm run bench -- --tune`: which kernel is the fastest on this adapter, as the table that a page keeps.

import { writeFileSync } from 'node:fs';
import { openHeadless } from '../headless.mjs';

/**
 * @typedef {import('../../src/lab/tuning/headless.ts').HeadlessTuning} HeadlessTuning
 * @typedef {import('../../src/lab/tuning/headless.ts').TunedNews} TunedNews
 * @typedef {import('../../src/tuning/table.ts').TunedTable} TunedTable
 */

/**
 * Prints a line a class to stderr, and the table to a file or to stdout.
 * @param {Pick<HeadlessTuning, 'shapes' | 'exhaustive'>} what
 * @param {Pick<import('../headless.mjs').PageOptions, 'headed' | 'chromeArgs'> & { out: string | null }} how
 */
export async function printTuned({ shapes, exhaustive }, { headed, chromeArgs, out }) {
  const { page, close } = await openHeadless({ webgpu: true, headed, chromeArgs });
  try {
    await page.exposeFunction('ringsideTuned', (/** @type {TunedNews} */ news) =>
      console.error(lineOf(news)),
    );
    const headless = await page.evaluateHandle((path) => import(path), '/src/lab/tuning/headless.ts');
    /** @type {HeadlessTuning} */
    const task = { shapes, exhaustive };
    /** @type {TunedTable} */
    const table = await headless.evaluate(({ tune }, task) => {
      const { ringsideTuned } = /** @type {any} */ (window);
      return tune(task, ringsideTuned);
    }, task);
    const text = `${JSON.stringify(table, null, 2)}\n`;
    if (out === null) process.stdout.write(text);
    else writeFileSync(out, text);
  } finally {
    await close();
  }
}

/** @param {TunedNews} news */
function lineOf({ cls, tuned: { variant, guess, timed, mediansMs, refused }, share }) {
  const times = new Map(mediansMs);
  const gflops = (/** @type {number} */ ms) => (2 * timed.m * timed.k * timed.n) / ms / 1e6;
  const rates = mediansMs.map(([id, ms]) => `${id} ${gflops(ms).toPrecision(3)}`);
  const gain = (times.get(guess) ?? Number.NaN) / (times.get(variant) ?? Number.NaN);
  return [
    `${cls}: ${variant}, ${gain.toFixed(2)} × the guess (${guess}); GFLOP/s: ${rates.join(', ')}`,
    ...(share === null ? [] : [`${(100 * share).toFixed(0)} % of the best of all, timed to the end`]),
    ...refused.map(([id, why]) => `${id} ${why}`),
  ].join('; ');
}
