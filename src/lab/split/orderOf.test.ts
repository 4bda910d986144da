import { expect, it } from 'vitest';
import { planSplit } from '../../program/splitPlan.ts';
import { orderOf } from './experiment.ts';
import { configOf, DEFAULT_PARAMS } from './params.ts';

it('names the ranks in the order in which the ring adds their terms', () => {
  // 8 × 12 on 4 ranks: chunks of 24, so row 0 is chunk 0, and element (7, 11) is in chunk 3.
  const plan = planSplit(configOf(DEFAULT_PARAMS));
  expect(orderOf(plan, { row: 0, col: 0 })).toEqual([1, 2, 3, 0]);
  expect(orderOf(plan, { row: 7, col: 11 })).toEqual([0, 1, 2, 3]);
});

it('names the owner of a column where nothing is added', () => {
  const plan = planSplit(configOf({ ...DEFAULT_PARAMS, split: 'column', ranks: 5 }));
  // 12 columns on 5 ranks: 3, 3, 2, 2, 2.
  expect([0, 3, 6, 11].map((col) => orderOf(plan, { row: 2, col })[0])).toEqual([0, 1, 2, 4]);
});
