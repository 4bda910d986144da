import { expect, it, vi } from 'vitest';
import { casesOf, groupKey } from '../../bench/cases.ts';
import { DEFAULT_OPTIONS } from '../../bench/options.ts';
import { estimateOf, learnedEstimate } from './runner.ts';
import { resultsOf } from './testing/resultsOf.ts';

it('tries once to start a group, and gives all of its cases the reason', async () => {
  let tried = 0;
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        tried++;
        throw new Error('no workers here');
      }
    },
  );
  const options = { ...DEFAULT_OPTIONS, devices: ['cpu'] as const, ranks: [2, 3], sizes: [4, 1024] };
  const cases = casesOf(options);
  const results = await resultsOf(options);
  expect(results).toHaveLength(cases.length);
  expect(new Set(results.map(({ note }) => note))).toEqual(new Set(['no workers here']));
  expect(tried).toBe(new Set(cases.map(groupKey)).size);
});

it('learns from the last run how long the next one takes', () => {
  const said = estimateOf(DEFAULT_OPTIONS);
  expect(learnedEstimate(DEFAULT_OPTIONS, null)).toEqual(said);
  const last = { options: DEFAULT_OPTIONS, ms: 3 * said.ms };
  expect(learnedEstimate(DEFAULT_OPTIONS, last)).toEqual({ cases: said.cases, ms: 3 * said.ms });
  const half = { ...DEFAULT_OPTIONS, budgetMs: DEFAULT_OPTIONS.budgetMs / 2 };
  expect(learnedEstimate(half, last).ms).toBeCloseTo(3 * estimateOf(half).ms);
});
