import { expect, it } from 'vitest';
import { bandwidths, busFactor } from './bandwidth.ts';

it('follows the table of nccl-tests', () => {
  expect(busFactor('all_reduce', 4)).toBe(1.5);
  expect(busFactor('reduce_scatter', 4)).toBe(0.75);
  expect(busFactor('all_gather', 4)).toBe(0.75);
  expect(busFactor('all_to_all', 4)).toBe(0.75);
  expect(busFactor('broadcast', 4)).toBe(1);
  expect(busFactor('all_reduce', 1)).toBe(0);
  expect(bandwidths('all_reduce', 2, 1e9, 1000)).toEqual({ algBwGBs: 1, busBwGBs: 1 });
});
