import { describe, expect, test } from 'vitest';
import { countPlaywright, countVitest, faultOf, inWords, reasonsOf } from './counts.mjs';

const skip = { name: 'prints', reason: 'There is no paper.', installable: true };

describe('a test that was skipped', () => {
  test('is no fault where it says why', () => {
    expect(faultOf(skip, false)).toBeNull();
  });

  test('is one without a reason, everywhere', () => {
    for (const ci of [false, true]) {
      const silent = { ...skip, reason: '', installable: false };
      expect(faultOf(silent, ci)).toBe('“prints” did not run, and no reason was given.');
    }
  });

  test('is one in CI, unless what it lacks cannot be installed', () => {
    expect(faultOf(skip, true)).toBe(
      '“prints” did not run, though CI can install what it needs: There is no paper.',
    );
    expect(faultOf({ ...skip, installable: false }, true)).toBeNull();
  });
});

test('each reason is said once, with its number of tests', () => {
  const other = { ...skip, reason: 'There is no ink.' };
  expect(reasonsOf([skip, other, skip])).toEqual(['2 tests: There is no paper.', '1 test: There is no ink.']);
});

test('counts what Vitest reports', () => {
  /** @type {(state: string, note?: string, meta?: object, retried?: boolean) => any} */
  const run = (state, note, meta = {}, retried = false) => ({
    fullName: `a ${state}`,
    result: () => ({
      state,
      note,
      errors:
        state === 'failed' || retried ? [{ message: '\u001b[31m3 is not 4\u001b[39m\n\n- 4' }] : undefined,
    }),
    meta: () => meta,
    diagnostic: () => (state === 'pending' ? undefined : { flaky: retried }),
  });
  const tests = [
    run('passed'),
    run('passed', undefined, {}, true),
    run('failed'),
    run('pending'), // what never came to its end
    run('skipped'),
    run('skipped', 'There is no paper.'),
    run('skipped', 'There is no night.', { uninstallable: true }),
  ];
  const count = countVitest(tests);
  expect(inWords(count)).toBe('2 passed (1 at the second try), 2 failed, 3 skipped');
  expect(count).toEqual({
    passed: 2,
    retried: ['a passed: 3 is not 4'],
    failed: ['a failed: 3 is not 4', 'a pending: it came to no end'],
    skipped: [
      { name: 'a skipped', reason: '', installable: true },
      { name: 'a skipped', reason: 'There is no paper.', installable: true },
      { name: 'a skipped', reason: 'There is no night.', installable: false },
    ],
  });
});

test('counts what Playwright reports, in files and in groups', () => {
  /** @type {(status: string, annotations?: object[]) => any} */
  const spec = (status, annotations = []) => {
    const error = status === 'expected' ? undefined : { message: 'Error: 3 is not 4\nat …' };
    return { title: `a ${status}`, tests: [{ status, annotations, results: [{ error }] }] };
  };
  /** @type {any} */
  const report = {
    suites: [
      { specs: [spec('expected'), spec('unexpected'), spec('flaky')] },
      {
        specs: [spec('skipped')],
        suites: [{ specs: [spec('skipped', [{ type: 'skip', description: 'There is no paper.' }])] }],
      },
    ],
  };
  expect(countPlaywright(report)).toEqual({
    passed: 1,
    retried: [],
    failed: ['a unexpected: Error: 3 is not 4', 'a flaky: Error: 3 is not 4'],
    skipped: [
      { name: 'a skipped', reason: '', installable: true },
      { name: 'a skipped', reason: 'There is no paper.', installable: true },
    ],
  });
});
