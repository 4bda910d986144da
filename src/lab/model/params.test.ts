import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_PARAMS, fromQuery, type ModelParams, problemWith, toQuery } from './params.ts';

it('says nothing of the defaults, and reads back all else', () => {
  expect(toQuery(DEFAULT_PARAMS).toString()).toBe('');
  const arbitrary: fc.Arbitrary<ModelParams> = fc.record({
    model: fc.constantFrom('stories', 'https://host/a/b/', 'files'),
    ranks: fc.integer({ min: 1, max: 8 }),
    device: fc.constantFrom('auto', 'webgpu', 'cpu'),
    placement: fc.constantFrom('worker', 'one-device'),
    algorithm: fc.constantFrom('auto', 'ring', 'one-shot', 'two-shot'),
    weights: fc.constantFrom('stored', 'q8', 'q4'),
    context: fc.option(fc.integer({ min: 2, max: 1_000_000 })),
    prompt: fc.string({ unit: 'grapheme' }),
    tokens: fc.integer({ min: 1, max: 100_000 }),
    sampling: fc.record(
      {
        temperature: fc.double({ min: 0, max: 100, noNaN: true }).map((x) => x + 0),
        topK: fc.nat(),
        seed: fc.nat(),
      },
      { requiredKeys: [] },
    ),
    stopWords: fc.array(fc.string({ minLength: 1 })),
  });
  fc.assert(
    fc.property(arbitrary, (params) => {
      expect(fromQuery(new URLSearchParams(toQuery(params).toString()))).toEqual(params);
      expect(problemWith(params)).toBeNull();
    }),
  );
});

it.each([
  ['ranks=9', 'number of ranks is 9'],
  ['ranks=', 'not a number'],
  ['device=tpu', 'tpu'],
  ['placement=moon', '“moon” is no placement. Use worker or one-device.'],
  ['all-reduce=tree', 'tree'],
  ['weights=q5', '“q5” is no way to hold weights. Use stored, q8 or q4.'],
  ['context=1', 'The context is 1. It must be a whole number from 2 to 1,000,000.'],
  ['context=long', 'The context is not a number'],
  ['tokens=0', 'number of new tokens is 0'],
  ['temperature=warm', 'The temperature is not a number'],
  ['top-p=0', 'Top-p is 0'],
  ['seed=1.5', 'seed is 1.5'],
  [`prompt=${'a'.repeat(100_001)}`, '100,001 characters'],
])('refuses %.20s by a sentence', (query, sentence) => {
  expect(problemWith(fromQuery(new URLSearchParams(query)))).toContain(sentence);
});
