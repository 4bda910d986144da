// What the runners report, read as counts, and when a test that did not run has failed.

import { stripVTControlCharacters } from 'node:util';

/**
 * A test that did not run. `installable`: continuous integration could be given what it lacks.
 * @typedef {{ name: string, reason: string, installable: boolean }} Skip
 * `failed`: the name of each and what was wrong, in a line: where the end of a log is all that is kept, it tells.
 * `retried`: those of the passed that failed at the first try, in the same way.
 * @typedef {{ passed: number, retried: string[], failed: string[], skipped: Skip[] }} Count
 */

/**
 * Of what vitestReporter.mjs keeps.
 * @param {Iterable<import('vitest/node').TestCase>} tests
 * @returns {Count}
 */
export function countVitest(tests) {
  const count = nothing();
  for (const test of tests) {
    const result = test.result();
    if (result.state === 'passed') {
      count.passed++;
      if (test.diagnostic()?.flaky) count.retried.push(inLine(test.fullName, result.errors?.[0]?.message));
    } else if (result.state === 'skipped') {
      const installable = test.meta().uninstallable !== true;
      count.skipped.push({ name: test.fullName, reason: result.note ?? '', installable });
    } else count.failed.push(inLine(test.fullName, result.errors?.[0]?.message));
  }
  return count;
}

/**
 * Of Playwright's JSON report. A test that passed at a second try has found something, and counts as failed.
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Count}
 */
export function countPlaywright({ suites }) {
  const count = nothing();
  for (const { title, test } of suites.flatMap(testsOf)) {
    if (test.status === 'expected') count.passed++;
    else if (test.status === 'skipped') {
      const reason = test.annotations.find(({ type }) => type === 'skip')?.description ?? '';
      count.skipped.push({ name: title, reason, installable: true });
    } else
      count.failed.push(inLine(title, test.results.find(({ error }) => error !== undefined)?.error?.message));
  }
  return count;
}

/**
 * @param {import('@playwright/test/reporter').JSONReportSuite} suite
 * @returns {{ title: string, test: import('@playwright/test/reporter').JSONReportTest }[]}
 */
function testsOf({ specs, suites = [] }) {
  const own = specs.flatMap(({ title, tests }) => tests.map((test) => ({ title, test })));
  return [...own, ...suites.flatMap(testsOf)];
}

/**
 * Why a test that was skipped has failed; null where it may be skipped here. Without a reason it was left out by
 * mistake, or because what it stands on failed.
 * @param {Skip} skip
 * @param {boolean} ci
 */
export function faultOf({ name, reason, installable }, ci) {
  if (reason === '') return `“${name}” did not run, and no reason was given.`;
  if (ci && installable) return `“${name}” did not run, though CI can install what it needs: ${reason}`;
  return null;
}

/**
 * The reasons, each once, with the number of its tests.
 * @param {readonly Skip[]} skipped
 */
export function reasonsOf(skipped) {
  /** @type {Map<string, number>} */
  const tests = new Map();
  for (const { reason } of skipped) tests.set(reason, (tests.get(reason) ?? 0) + 1);
  return [...tests].map(([reason, n]) => `${n} ${n === 1 ? 'test' : 'tests'}: ${reason}`);
}

/** @param {Count} count */
export function inWords({ passed, retried, failed, skipped }) {
  const again = retried.length === 0 ? '' : ` (${retried.length} at the second try)`;
  return `${passed} passed${again}, ${failed.length} failed, ${skipped.length} skipped`;
}

/**
 * @param {string} name
 * @param {string} [message] with the colours of a terminal, and lines of which the first says most
 */
function inLine(name, message = 'it came to no end') {
  const [first = ''] = stripVTControlCharacters(message).trimStart().split('\n');
  return `${name}: ${first.slice(0, 200)}`;
}

/** @returns {Count} */
export function nothing() {
  return { passed: 0, retried: [], failed: [], skipped: [] };
}
