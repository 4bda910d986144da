import fc from 'fast-check';
import { expect, it } from 'vitest';
import { candidatesOf } from './likeliest.ts';
import { drawToken, GREEDY, keptTokens, type Sampling } from './sampling.ts';
import { candidatesOfTop, drawFromTop, isEnough, type TopLogits, wantedLogits } from './top.ts';

/** What a device gives of logits without a NaN: the k largest by a sort. */
function topOf(logits: Float32Array, k: number): TopLogits {
  const order = [...logits.keys()].sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
  const [largest = 0] = order.map((id) => logits[id] as number);
  const indices = order.slice(0, k);
  const sumExp = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return { indices, values: indices.map((id) => logits[id] as number), sumExp };
}

// Coarse, so that there are equal ones; and tokens that cannot come.
const logit = fc.oneof(
  fc.integer({ min: -40, max: 40 }).map((n) => n / 4),
  // Not finer: two logits of which e to their difference is 1 are equally likely, and in another order.
  fc.integer({ min: -51_200, max: 51_200 }).map((n) => n / 1024),
  fc.constant(Number.NEGATIVE_INFINITY),
);
const logitsOf = fc
  .array(logit, { minLength: 1, maxLength: 200 })
  .filter((logits) => logits.some(Number.isFinite))
  .map((logits) => Float32Array.from(logits));
const sampling: fc.Arbitrary<Sampling> = fc.record({
  temperature: fc.constantFrom(0, 0.3, 1, 4),
  topK: fc.integer({ min: 1, max: 64 }),
  topP: fc.constantFrom(1, 0.95, 0.5, 0.01),
  minP: fc.constantFrom(0, 0.05, 1),
  repetitionPenalty: fc.constant(1),
  seed: fc.nat(),
});

it('takes the share of all of the probability, and not of what is likely enough to be looked at first', () => {
  // e^-4.9 is under a hundredth of the largest, and brings half of the sum beyond the first of two equal ones.
  const logits = Float32Array.of(0, 0, -4.9);
  const sampling = { ...GREEDY, temperature: 1, topP: 0.5 };
  for (const topK of [0, 3])
    expect(keptTokens(logits, 0, { ...sampling, topK }).ids, `top-k ${topK}`).toEqual([0, 1]);
});

it('draws from the largest what is drawn from all, and tells of the same candidates', () => {
  fc.assert(
    fc.property(logitsOf, sampling, fc.integer({ min: 0, max: 20 }), fc.nat(99), (logits, own, told, at) => {
      const wanted = wantedLogits(own, told);
      expect(wanted).not.toBe('all');
      const top = topOf(logits, Number(wanted));
      expect(isEnough(top)).toBe(true);
      expect(drawFromTop(top, own, at)).toBe(drawToken(logits, own, [], at));
      const [some, all] = [candidatesOfTop(top, told), candidatesOf(logits, told)];
      expect(some.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      for (const [i, { probability }] of some.entries())
        expect(probability).toBeCloseTo(all[i]?.probability ?? 0, 6);
    }),
    { numRuns: 400 },
  );
});

it('needs all where any may be drawn, and where the largest are not those that would be', () => {
  expect(wantedLogits(GREEDY, 0)).toBe(1);
  expect(wantedLogits({ ...GREEDY, topK: 500 }, 8)).toBe(8); // nothing is drawn among them
  expect(wantedLogits({ ...GREEDY, temperature: 1, topK: 40 }, 8)).toBe(40);
  expect(wantedLogits({ ...GREEDY, temperature: 1, topK: 65 }, 8)).toBe('all');
  expect(wantedLogits({ ...GREEDY, temperature: 1, topP: 0.9 }, 8)).toBe('all');
  expect(wantedLogits({ ...GREEDY, repetitionPenalty: 1.1 }, 8)).toBe('all');
  for (const largest of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(isEnough({ indices: [0], values: [largest], sumExp: 1 })).toBe(false);
  expect(isEnough({ indices: [], values: [], sumExp: 0 })).toBe(false);
});
