// The checks there are, in order.

import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureBrowser } from '../browser.mjs';
import { countPlaywright, nothing } from './counts.mjs';
import { root, runProgram } from './program.mjs';

/**
 * @typedef {import('./counts.mjs').Count} Count
 * @typedef {import('./program.mjs').Output} Output
 */

/**
 * @typedef {object} Stage
 * @property {string} id what `--only` calls it
 * @property {string} title
 * @property {readonly string[]} needs stages that must have passed
 * @property {string | null} beside the stage while which it runs, on cores that are idle there
 * @property {(output: Output) => Promise<Count>} run
 */

/** Where the page is built to, once, for the stages that look at it as it is shipped. */
const SITE = join(root, 'test-results/site');

/** @type {readonly Stage[]} */
export const stages = [
  {
    id: 'find',
    title: 'find a browser',
    needs: [],
    beside: null,
    run: async () => verdict(ensureBrowser() !== ''),
  },
  vitest('unit', ['find']), // the command line's tests start one
  check('lint', 'format and lint', ['@biomejs/biome', 'biome', 'check', '--error-on-warnings']),
  check('types', 'types', ['typescript', 'tsc']),
  check('build', 'build', ['vite', 'vite', 'build', '--outDir', SITE]),
  vitest('library', ['find'], 'unit'),
  playwright('e2e', ['--project=pages']),
  // They wait much, for browsers that start and for software that compiles: so does e2e, but elsewhere.
  vitest('smoke', ['find', 'build'], 'e2e'),
  vitest('browser', ['find'], 'e2e'),
  playwright('speed', ['--project=speed', '--no-deps']), // timings want the machine to themselves
];

/**
 * A stage that is no test: it counts only where it fails.
 * @param {string} id
 * @param {string} title
 * @param {[packageName: string, program: string, ...args: string[]]} command
 * @returns {Stage}
 */
function check(id, title, [packageName, program, ...args]) {
  const run = async (/** @type {Output} */ output) =>
    verdict(await runProgram(packageName, program, args, output, { yields: output !== null }));
  return { id, title, needs: [], beside: 'unit', run };
}

/**
 * A project of vitest.config.ts.
 * @param {string} id
 * @param {readonly string[]} needs
 * @param {string | null} beside
 * @returns {Stage}
 */
function vitest(id, needs, beside = null) {
  const counts = join(root, `test-results/${id}.json`);
  const args = ['run', '--project', id, '--reporter=default', '--reporter=./tools/test/vitestReporter.mjs'];
  const stage = tests(
    id,
    needs,
    counts,
    (json) => json,
    (output) =>
      runProgram('vitest', 'vitest', args, output, {
        env: { RINGSIDE_TEST_COUNTS: counts, RINGSIDE_SITE: SITE },
      }),
  );
  return { ...stage, beside };
}

/**
 * A project of playwright.config.ts.
 * @param {string} id
 * @param {readonly string[]} args
 * @returns {Stage}
 */
function playwright(id, args) {
  const report = join(root, 'test-results/e2e.json'); // as playwright.config.ts has it
  return tests(id, ['find', 'build'], report, countPlaywright, async (output) => {
    const port = process.env['RINGSIDE_E2E_PORT'] ?? `${await freePort()}`;
    return runProgram('@playwright/test', 'playwright', ['test', ...args], output, {
      env: { RINGSIDE_E2E_PORT: port, RINGSIDE_SITE: SITE },
    });
  });
}

/**
 * A stage of tests. A run without tests has failed, and so has one that ended badly though no test did.
 * @param {string} id
 * @param {readonly string[]} needs
 * @param {string} report the file to which the runner writes
 * @param {(json: any) => Count} read
 * @param {(output: Output) => Promise<boolean>} start
 * @returns {Stage}
 */
function tests(id, needs, report, read, start) {
  return {
    id,
    title: id,
    needs,
    beside: null,
    async run(output) {
      rmSync(report, { force: true });
      const ok = await start(output);
      const count = read(JSON.parse(readFileSync(report, 'utf8')));
      if (count.passed + count.failed.length + count.skipped.length === 0) throw new Error('No test ran.');
      const unheard = ok || count.failed.length > 0 ? [] : ['It ended badly, though no test failed.'];
      return { ...count, failed: [...count.failed, ...unheard] };
    },
  };
}

/** @param {boolean} ok */
function verdict(ok) {
  return { ...nothing(), failed: ok ? [] : ['It found a fault.'] };
}

/** @returns {Promise<number>} one that nothing listens on, for two runs side by side */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
