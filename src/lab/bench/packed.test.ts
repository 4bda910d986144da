import { expect, it } from 'vitest';
import { resultOf } from '../../bench/testing/resultOf.ts';
import { handedOver, packed, unpacked } from './packed.ts';
import type { Reading } from './readRuns.ts';

it('comes out of its package as it went in, with its samples handed over', () => {
  const results = [[3, 1, 2.5], [], [7]].map((samplesMs) => resultOf({ samplesMs }));
  const reading: Reading = { kind: 'results', results, spreads: [0.5, Number.NaN, 0] };
  const told = packed(reading);
  const arrived = structuredClone(told, { transfer: handedOver(told) });
  expect(unpacked(arrived)).toEqual(reading);
  expect(told.kind === 'results' && told.samplesMs.length).toBe(0);
});

it('leaves all else as it is', () => {
  const reading: Reading = { kind: 'found', results: 3 };
  expect(unpacked(packed(reading))).toEqual(reading);
  expect(handedOver(packed(reading))).toEqual([]);
});
