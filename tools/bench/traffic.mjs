// `npm run bench -- --traffic`: how near operations come to what moving their operands takes.

import { openHeadless } from '../headless.mjs';

/** @typedef {import('../../src/protocol/traffic.ts').Traffic} Traffic */

/**
 * Prints a line an operation. False where a result is wrong.
 * @param {number} rows
 * @param {Pick<import('../headless.mjs').PageOptions, 'headed' | 'chromeArgs'>} how
 */
export async function printTraffic(rows, { headed, chromeArgs }) {
  const { page, close } = await openHeadless({ webgpu: true, headed, chromeArgs });
  /** @type {Traffic[]} */
  const all = [];
  try {
    await page.exposeFunction('ringsideTraffic', (/** @type {Traffic} */ one) => {
      all.push(one);
      console.error(`${one.name}: ${one.ms.toPrecision(3)} ms`);
    });
    const headless = await page.evaluateHandle((path) => import(path), '/src/lab/traffic/headless.ts');
    const adapter = await headless.evaluate(({ measureTraffic }, rows) => {
      const { ringsideTraffic } = /** @type {any} */ (window);
      return measureTraffic(rows, ringsideTraffic);
    }, rows);
    process.stdout.write(`${trafficTable(adapter, all)}\n`);
  } finally {
    await close();
  }
  return all.every(({ ok }) => ok);
}

/**
 * The rate of `add`, which computes next to nothing, is what a machine moves; the last column is how many times as long an
 * operation takes as moving its bytes so.
 * @param {string} adapter
 * @param {readonly Traffic[]} all
 */
export function trafficTable(adapter, all) {
  const rateOf = (/** @type {Traffic} */ { bytes, ms }) => bytes / ms / 1e6;
  const add = all.find(({ name }) => name === 'add');
  const roof = add === undefined ? Number.NaN : rateOf(add);
  const rows = all.map((one) => [
    one.name,
    one.variant,
    one.shapes,
    one.ms.toPrecision(3),
    rateOf(one).toPrecision(3),
    (one.flops / one.ms / 1e6).toPrecision(3),
    (roof / rateOf(one)).toPrecision(3),
    one.ok ? one.error.toExponential(1) : `WRONG: ${one.error.toExponential(1)}`,
  ]);
  const head = ['operation', 'kernel', 'shapes', 'ms', 'GB/s', 'GFLOP/s', '× add', 'error'];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [
    `${adapter}. GB/s of what has to be moved: operands read once, and the result written.`,
    '',
    ...lines,
  ].join('\n');
}
