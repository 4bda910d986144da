import { expect, it } from 'vitest';
import type { LayerVerdict } from '#lab/layers/run.ts';
import type { CollectiveCost, Cost } from '#program/plan.ts';
import { verdictOf } from './verdict.ts';

const GOOD: LayerVerdict = {
  asPlanned: true,
  steps: [],
  sums: [],
  check: { count: 96, maxAbsError: 6e-7, tolerance: 1e-5, pass: true },
  sameBits: true,
};
const reduce = (bytes: number): CollectiveCost => ({ kind: 'all_reduce', bytes, wireBytes: bytes });
const cost = (...collectives: CollectiveCost[]): Cost => ({
  flops: 0,
  weightBytes: 0,
  kvBytes: 0,
  activationBytes: 0,
  collectives,
});

function say(verdict: Partial<LayerVerdict>, planned: Cost, done = planned, ranks = 4) {
  const each = (of: Cost) => Array.from({ length: ranks }, () => of);
  return verdictOf({ verdict: { ...GOOD, ...verdict }, predicted: each(planned), measured: each(done) });
}

it('puts prediction and measurement beside each other', () => {
  expect(say({}, cost(reduce(262_144)))).toEqual({
    pass: true,
    text:
      'Predicted 1 all-reduce of 256 KiB, measured 1 of 256 KiB · equals the unsplit layer within 6.0e−7 · ' +
      'same bits on all ranks',
  });
  expect(say({}, cost(reduce(64), reduce(64), { ...reduce(1024), kind: 'all_gather' })).text).toContain(
    'Predicted 2 all-reduces of 64 B each and 1 all-gather of 1 KiB, measured the same · ',
  );
});

it('says no more of bits and errors than there is to say', () => {
  expect(say({ sameBits: null }, cost()).text).toMatch(
    /^Predicted no collective.*each rank holds tokens of its own$/,
  );
  const exact = { ...GOOD.check, maxAbsError: 0 };
  expect(say({ check: exact }, cost(reduce(64)), undefined, 1).text).toMatch(
    /equals the unsplit layer exactly$/,
  );
});

it('fails with both numbers', () => {
  const sums = ['rank 0: flops'];
  const wrong = say({ asPlanned: false, sums }, cost(reduce(64)), cost(reduce(64), reduce(32)));
  expect(wrong.pass).toBe(false);
  expect(wrong.text).toContain(
    'Predicted 1 all-reduce of 64 B, measured 1 all-reduce of 64 B and 1 all-reduce of 32 B · not as planned in 1 sum',
  );
  const off = { ...GOOD.check, maxAbsError: 0.5, pass: false };
  expect(say({ check: off }, cost()).text).toContain(
    'differs from the unsplit layer by 0.5, 50,000 times the tolerance',
  );
  expect(say({ check: off }, cost()).pass).toBe(false);
  expect(say({ sameBits: false }, cost())).toMatchObject({
    pass: false,
    text: expect.stringMatching(/not the same bits on all ranks$/),
  });
});
