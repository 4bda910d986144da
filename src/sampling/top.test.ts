import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hash32 } from '../numerics/random.ts';
import { candidatesOf } from './likeliest.ts';
import { drawToken, GREEDY, keptTokens, type Sampling } from './sampling.ts';
import {
  candidatesOfTop,
  drawFromTop,
  isEnough,
  MOST_TOP,
  mayNotDecide,
  type TopLogits,
  wantedLogits,
} from './top.ts';

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
      const wanted = wantedLogits(own, told, 1e5);
      expect(wanted).not.toBe('all');
      const top = topOf(logits, Number(wanted));
      expect(drawFromTop(top, own, at)).toBe(drawToken(logits, own, [], at));
      const [some, all] = [candidatesOfTop(top, told), candidatesOf(logits, told)];
      expect(some.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      for (const [i, { probability }] of some.entries())
        expect(probability).toBeCloseTo(all[i]?.probability ?? 0, 6);
    }),
    { numRuns: 400 },
  );
});

/** From a few likely tokens to a flat vocabulary, as long as two to six times what is asked for. */
const vocabulary = fc
  .record({
    length: fc.integer({ min: 40, max: 400 }),
    steepness: fc.constantFrom(0.02, 0.2, 0.5, 3),
    grain: fc.constantFrom(0, 0.25),
    seed: fc.nat(),
  })
  .map(({ length, steepness, grain, seed }) =>
    Float32Array.from({ length }, (_, id) => {
      const logit = -steepness * (hash32(seed, id) % length);
      return grain === 0 ? logit : grain * Math.round(logit / grain); // many are equal
    }),
  );

it('draws by probability what is drawn from all, or leaves it open', () => {
  const outcomes = { drawn: 0, open: 0 };
  const cuts = fc.record({
    temperature: fc.constantFrom(0.3, 0.8, 1, 4),
    topP: fc.constantFrom(1, 0.95, 0.5),
    minP: fc.constantFrom(0, 0.05, 0.3),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(vocabulary, cuts, fc.integer({ min: -9, max: 9 }), fc.nat(99), (logits, cut, error, at) => {
      const sampling = { ...GREEDY, ...cut };
      if (!mayNotDecide(sampling)) return;
      const top = topOf(logits, MOST_TOP);
      const sumExp = top.sumExp * (1 + error * 1e-6); // as a device adds up
      const drawn = drawFromTop({ ...top, sumExp }, sampling, at);
      outcomes[drawn === null ? 'open' : 'drawn']++;
      if (drawn !== null) expect(drawn).toBe(drawToken(logits, sampling, [], at));
    }),
    { numRuns: 1500 },
  );
  expect(Math.min(outcomes.drawn, outcomes.open)).toBeGreaterThan(50);
});

it('leaves open what lies on the edge of what is known', () => {
  const sampling = { ...GREEDY, temperature: 1, topP: 0.5 };
  const top = { indices: Array.from({ length: 64 }, (_, id) => id), sumExp: 2 };
  const values = [0, ...Array.from({ length: 63 }, () => -40)];
  expect(drawFromTop({ ...top, values }, sampling, 0)).toBeNull(); // half of all, or a little less
  expect(drawFromTop({ ...top, values, sumExp: 1.9 }, sampling, 0)).toBe(0);
  expect(drawFromTop({ ...top, values, sumExp: 2.1 }, sampling, 0)).toBeNull();
});

it('needs all where any may be drawn, and where the largest are not those that would be', () => {
  expect(wantedLogits(GREEDY, 0, 1e5)).toBe(1);
  expect(wantedLogits({ ...GREEDY, topK: 500 }, 8, 1e5)).toBe(8); // nothing is drawn among them
  expect(wantedLogits({ ...GREEDY, temperature: 1, topK: 40 }, 8, 1e5)).toBe(40);
  expect(wantedLogits({ ...GREEDY, temperature: 1, topK: 65 }, 8, 1e5)).toBe('all');
  expect(wantedLogits({ ...GREEDY, temperature: 0.8, topP: 0.9 }, 8, 1e5)).toBe(64);
  expect(wantedLogits({ ...GREEDY, temperature: 3, minP: 0.1 }, 8, 1e5)).toBe(64);
  expect(wantedLogits({ ...GREEDY, temperature: 0.8, topP: 0.9 }, 65, 1e5)).toBe('all');
  expect(wantedLogits({ ...GREEDY, temperature: 1.2, topP: 0.9 }, 8, 1e5)).toBe('all');
  expect(wantedLogits({ ...GREEDY, temperature: 1 }, 8, 1e5)).toBe('all');
  expect(wantedLogits({ ...GREEDY, repetitionPenalty: 1.1 }, 8, 1e5)).toBe('all');
  expect(wantedLogits({ ...GREEDY, temperature: 0.8, topP: 0.9 }, 8, 1024)).toBe('all'); // as soon read
  expect(wantedLogits({ ...GREEDY, temperature: 1, topK: 40 }, 8, 1024)).toBe(40);
  for (const largest of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(isEnough({ indices: [0], values: [largest], sumExp: 1 })).toBe(false);
  expect(isEnough({ indices: [], values: [], sumExp: 0 })).toBe(false);
});
