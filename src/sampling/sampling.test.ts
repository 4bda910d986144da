import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardRanges } from '../numerics/ranges.ts';
import { candidatesOf } from './likeliest.ts';
import { drawToken, GREEDY, keptTokens, type Sampling, samplingProblem } from './sampling.ts';

const logits = fc
  .array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 300 })
  .map((values) => Float32Array.from(values, (value) => value / 20));

const sampling: fc.Arbitrary<Sampling> = fc.record({
  temperature: fc.constantFrom(0.1, 0.7, 1, 3),
  topK: fc.constantFrom(0, 1, 2, 7, 1000),
  topP: fc.constantFrom(0.05, 0.5, 0.9, 1),
  minP: fc.constantFrom(0, 0.05, 0.5, 1),
  repetitionPenalty: fc.constant(1),
  seed: fc.integer(),
});

/** As transformers has it, written without any shortcut: filters on sorted probabilities. */
function naivelyKept(values: Float32Array, { temperature, topK, topP, minP }: Sampling): number[] {
  const scaled = [...values].map((value, id) => ({ id, value: value / temperature }));
  let kept = scaled.sort((a, b) => b.value - a.value || a.id - b.id);
  const probabilities = (): number[] => {
    const total = kept.reduce((sum, { value }) => sum + Math.exp(value - (kept[0]?.value ?? 0)), 0);
    return kept.map(({ value }) => Math.exp(value - (kept[0]?.value ?? 0)) / total);
  };
  if (topK > 0) kept = kept.slice(0, topK);
  if (topP < 1) {
    const p = probabilities();
    // A token stays while those before it do not reach the share.
    kept = kept.filter((_, i) => p.slice(0, i).reduce((sum, one) => sum + one, 0) < topP);
  }
  if (minP > 0) {
    const p = probabilities();
    kept = kept.filter((_, i) => (p[i] as number) >= minP * (p[0] as number));
  }
  return kept.map(({ id }) => id).sort((a, b) => a - b);
}

describe('drawToken', () => {
  it('keeps the tokens that transformers keeps', () => {
    fc.assert(
      fc.property(logits, sampling, (values, options) => {
        const largest = Math.max(...values);
        const { ids, weights } = keptTokens(values, largest, options);
        const naive = naivelyKept(values, options);
        // Where a sum lies on the share itself, rounding says on which side.
        const differing = [...ids, ...naive].filter((id) => !(ids.includes(id) && naive.includes(id)));
        expect(differing.length).toBeLessThanOrEqual(1);
        for (const [i, id] of ids.entries()) {
          expect(weights[i]).toBeCloseTo(
            Math.exp(((values[id] as number) - largest) / options.temperature),
            12,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('draws one of them, the same for the same seed and position', () => {
    fc.assert(
      fc.property(logits, sampling, fc.nat(1000), (values, options, position) => {
        const before = values.slice();
        const id = drawToken(values, options, [], position);
        expect(keptTokens(values, Math.max(...values), options).ids).toContain(id);
        expect(drawToken(values, options, [], position)).toBe(id);
        expect(values).toEqual(before);
      }),
    );
  });

  it('draws as often as the probabilities say', () => {
    const values = Float32Array.of(1, 0, 2, -1);
    const options = { ...GREEDY, temperature: 1.5, seed: 7 };
    const drawn = [0, 0, 0, 0];
    const draws = 20_000;
    for (let position = 0; position < draws; position++) {
      const id = drawToken(values, options, [], position);
      drawn[id] = (drawn[id] ?? 0) + 1;
    }
    const total = values.reduce((sum, value) => sum + Math.exp(value / 1.5), 0);
    const chi2 = drawn.reduce((sum, count, id) => {
      const expected = (draws * Math.exp((values[id] as number) / 1.5)) / total;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    expect(chi2).toBeLessThan(16.3); // 3 degrees of freedom, one in a thousand
  });

  it('takes the first of the largest at temperature 0, and at top-k 1', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (values, seed) => {
        const best = values.indexOf(Math.max(...values));
        expect(drawToken(values, GREEDY, [], 3)).toBe(best);
        expect(drawToken(values, { ...GREEDY, temperature: 2, topK: 1, seed }, [], 3)).toBe(best);
        expect(drawToken(values, { ...GREEDY, temperature: 2, topP: 1e-9, seed }, [], 3)).toBe(best);
      }),
    );
  });

  it('makes tokens that were there less likely, whatever the sign of their logits', () => {
    const penalty = { ...GREEDY, repetitionPenalty: 2 };
    expect(drawToken(Float32Array.of(4, 3, 1), penalty, [0, 0], 0)).toBe(1);
    expect(drawToken(Float32Array.of(4, 3, 1), penalty, [0, 1], 0)).toBe(0);
    expect(drawToken(Float32Array.of(-1, -1.5, -9), penalty, [0, 99], 0)).toBe(1);
  });

  it('refuses a NaN and an infinity above, as PyTorch does, and says whose they are', () => {
    const [nan, most] = [Number.NaN, Number.POSITIVE_INFINITY];
    const pieces = shardRanges(4, 2);
    for (const sampling of [GREEDY, { ...GREEDY, temperature: 1 }, { ...GREEDY, temperature: 1, topK: 1 }]) {
      const draw = (...logits: number[]) => drawToken(Float32Array.from(logits), sampling, [2], 0, pieces);
      expect(() => draw(0, 1, nan, 3)).toThrow(
        'The logit of token 2 is NaN, in rank 1’s piece of the vocabulary: the model’s numbers are broken',
      );
      expect(() => draw(nan, nan, nan, nan)).toThrow(
        'The logit of token 0 is NaN, the first of 4 among 4, in rank 0’s piece of the vocabulary',
      );
      expect(() => draw(0, most, 2, 3)).toThrow('The logit of token 1 is +∞');
    }
    const penalised = { ...GREEDY, repetitionPenalty: 2 };
    expect(() => drawToken(Float32Array.of(0, nan), penalised, [1], 0)).toThrow(
      'The logit of token 1 is NaN: the model’s numbers are broken',
    );
  });

  it('never draws an infinity below, and refuses where nothing else is there', () => {
    const lowest = Number.NEGATIVE_INFINITY;
    for (let position = 0; position < 50; position++) {
      expect(drawToken(Float32Array.of(lowest, 0), { ...GREEDY, temperature: 5 }, [], position)).toBe(1);
    }
    for (const none of [Float32Array.of(lowest, lowest), new Float32Array()])
      expect(() => drawToken(none, GREEDY, [], 0)).toThrow(/All \d logits are −∞/);
  });
});

it('lists the likeliest tokens with their probabilities', () => {
  fc.assert(
    fc.property(logits, fc.integer({ min: 1, max: 12 }), (values, count) => {
      const largest = Math.max(...values);
      const total = values.reduce((sum, value) => sum + Math.exp(value - largest), 0);
      const expected = [...values.keys()]
        .sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
        .slice(0, count);
      const found = candidatesOf(values, count);
      expect(found.map(({ id }) => id)).toEqual(expected);
      for (const { id, probability } of found) {
        expect(probability).toBeCloseTo(Math.exp((values[id] as number) - largest) / total, 10);
      }
    }),
  );
});

it.each([
  [{ temperature: -1 }, 'The temperature is −1'],
  [{ temperature: Number.NaN }, 'The temperature is not a number'],
  [{ topK: 1.5 }, 'Top-k is 1.5'],
  [{ topP: 0 }, 'Top-p is 0'],
  [{ minP: 1.1 }, 'Min-p is 1.1'],
  [{ repetitionPenalty: 0 }, 'The repetition penalty is 0'],
  [{ seed: 0.5 }, 'The seed is 0.5'],
])('says what is wrong with %j', (wrong, sentence) => {
  expect(samplingProblem({ ...GREEDY, ...wrong })).toContain(sentence);
  expect(samplingProblem(GREEDY)).toBeNull();
});
