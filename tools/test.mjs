// `npm test`: every check there is, in order, and a last line that counts the tests.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Count
 * @typedef {{ name: string, needs?: string[], run: () => Count }} Stage
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** @type {Stage[]} */
const stages = [
  check('format and lint', () => node('@biomejs/biome', 'biome', 'check', '--error-on-warnings')),
  check('types', () => node('typescript', 'tsc')),
  vitest('unit'),
  check('find a browser', () => ensureBrowser() !== ''),
  vitest('browser', ['find a browser']),
  check('build', () => node('vite', 'vite', 'build')),
  playwright('e2e', ['find a browser', 'build']),
];

/** @type {string[]} */
const failed = [];
const total = { passed: 0, failed: 0 };

for (const { name, needs = [], run } of stages) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  const count = attempt(() => {
    const missing = needs.find((need) => failed.includes(need));
    if (missing !== undefined) throw new Error(`Not run, because "${missing}" failed.`);
    return run();
  });
  const outcome = count.failed === 0 ? 'ok' : 'FAILED';
  console.log(`=== ${name}: ${outcome} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (count.failed > 0) failed.push(name);
  total.passed += count.passed;
  total.failed += count.failed;
}

console.log(failed.length > 0 ? `\nFailed: ${failed.join(', ')}.` : '');
console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * A stage that is no test: it counts only where it fails.
 * @param {string} name
 * @param {() => boolean} run
 * @returns {Stage}
 */
function check(name, run) {
  return { name, run: () => ({ passed: 0, failed: run() ? 0 : 1 }) };
}

/**
 * @param {string} project
 * @param {string[]} needs
 */
function vitest(project, needs = []) {
  const report = join(root, `test-results/${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  return tests(
    project,
    needs,
    report,
    () => node('vitest', 'vitest', ...args),
    (json) => {
      return { passed: json.numPassedTests, failed: json.numTotalTests - json.numPassedTests };
    },
  );
}

/**
 * @param {string} name
 * @param {string[]} needs
 */
function playwright(name, needs) {
  const report = join(root, 'test-results/e2e.json'); // as playwright.config.ts has it
  return tests(
    name,
    needs,
    report,
    () => node('@playwright/test', 'playwright', 'test'),
    ({ stats }) => {
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
    },
  );
}

/**
 * A stage of tests. A test that is skipped has failed: here all of them run everywhere. So has a run without tests.
 * @param {string} name
 * @param {string[]} needs
 * @param {string} report the file to which the runner writes its counts
 * @param {() => boolean} run
 * @param {(json: any) => Count} read
 * @returns {Stage}
 */
function tests(name, needs, report, run, read) {
  return {
    name,
    needs,
    run() {
      rmSync(report, { force: true });
      const ok = run();
      const { passed, failed } = read(JSON.parse(readFileSync(report, 'utf8')));
      if (passed + failed === 0) throw new Error('No test ran.');
      return { passed, failed: Math.max(failed, ok ? 0 : 1) };
    },
  };
}

/**
 * Runs a program of a package, without a shell or npx, so that it works alike on every system.
 * @param {string} packageName
 * @param {string} program
 * @param {string[]} args
 */
function node(packageName, program, ...args) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const script = join(dirname(manifest), require(manifest).bin[program]);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/**
 * @param {() => Count} run
 * @returns {Count}
 */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}
