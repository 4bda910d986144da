import { expect, it } from 'vitest';
import { DEFAULT_OPTIONS, FIRST_LOOK, problemWithOptions } from '#bench/options.ts';
import { type BenchState, DEFAULT_VIEW } from '#lab/bench/state.ts';
import { fromHash, toHash } from './link.ts';

it('is short where all is as it comes', () => {
  expect(problemWithOptions(FIRST_LOOK)).toBeNull();
  expect(toHash({ options: FIRST_LOOK, view: DEFAULT_VIEW })).toBe('#/benchmark');
  expect(fromHash('#/benchmark')).toEqual({ options: FIRST_LOOK, problem: null, view: DEFAULT_VIEW });
  const looked = { options: FIRST_LOOK, view: { ...DEFAULT_VIEW, table: 'gemm' as const } };
  expect(fromHash(toHash(looked))).toEqual({ ...looked, problem: null });
});

it('names what the command line takes without a flag', () => {
  const link = { options: DEFAULT_OPTIONS, view: DEFAULT_VIEW };
  expect(toHash(link)).toBe('#/benchmark?suite=collectives');
  expect(fromHash(toHash(link))).toEqual({ ...link, problem: null });
});

it('carries options and what one looks at', () => {
  const link: Pick<BenchState, 'options' | 'view'> = {
    options: { ...DEFAULT_OPTIONS, devices: ['cpu'], ranks: [2, 3], sizes: [4, 4096], budgetMs: 20 },
    view: {
      table: 'layers',
      layer: 'row_linear-16-512-2048',
      scaling: 'efficiency',
      collective: 'all_gather',
      ranks: 3,
    },
  };
  expect(fromHash(toHash(link))).toEqual({ ...link, problem: null });
});

it('says what is wrong with options, and ignores a look that there is not', () => {
  const { options, problem, view } = fromHash('#/benchmark?ranks=0&table=none&on=x&collective=sum');
  expect(problem).toMatch(/^A number of ranks is 0/);
  expect(options).toEqual(FIRST_LOOK);
  expect(view).toEqual(DEFAULT_VIEW);
});
