import { expect, it } from 'vitest';
import { carrierOf, chooseAlgorithm } from './algorithm.ts';

it('auto sums in two shots on two ranks, and on more from 64 KiB on', () => {
  for (const bytes of [4, 4096, 65_536, 65_540]) expect(chooseAlgorithm(bytes, 2)).toBe('two-shot');
  for (const worldSize of [3, 8]) {
    expect(chooseAlgorithm(65_536, worldSize)).toBe('one-shot');
    expect(chooseAlgorithm(65_540, worldSize)).toBe('two-shot');
  }
});

it('every other collective goes round the ring, and on one device nothing does', () => {
  expect(carrierOf('all_gather', 4096, 2, 'auto')).toBe('ring');
  expect(carrierOf('all_reduce', 4096, 2, 'auto')).toBe('two-shot');
  expect(carrierOf('all_reduce', 4096, 2, 'ring')).toBe('ring');
  expect(carrierOf('all_gather', 4096, 2, 'one-device')).toBe('one-device');
});
