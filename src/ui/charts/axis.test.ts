import { describe, expect, it } from 'vitest';
import { linearTicks, powerTicks, thinned } from './axis.ts';

describe('powerTicks', () => {
  it('encloses the values', () => {
    expect(powerTicks([0.02, 7], 10)).toEqual([0.01, 0.1, 1, 10]);
    expect(powerTicks([1024, 4096], 2)).toEqual([1024, 2048, 4096]);
  });
  it('has a step where there is one value, or none', () => {
    expect(powerTicks([10], 10)).toEqual([10, 100]);
    expect(powerTicks([0, Number.NaN, -1], 10)).toEqual([1, 10]);
  });
});

describe('linearTicks', () => {
  it.each([
    [4, [0, 1, 2, 3, 4]],
    [1.8, [0, 0.5, 1, 1.5, 2]],
    [35, [0, 10, 20, 30, 40]],
    [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('of %d', (largest, ticks) => expect(linearTicks(largest)).toEqual(ticks));
});

it('thins out evenly', () => {
  expect(thinned([1, 2, 4, 8, 16], 3)).toEqual([1, 4, 16]);
  expect(thinned([1, 2, 4, 8], 2)).toEqual([1, 4]);
  expect(thinned([1, 2], 5)).toEqual([1, 2]);
});
