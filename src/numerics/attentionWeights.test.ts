import { expect, it } from 'vitest';
import { attentionWeights } from './attentionWeights.ts';

it('gives each query head the softmax over its own key head', () => {
  // Two query heads a key head, of width 1: scores are q · k.
  const q = Float32Array.of(1, 2, 0, -1);
  const keys = Float32Array.of(0, 5, Math.log(3), 7, 99, 99); // the third row is a later token's
  const heads = { heads: 4, kvHeads: 2, scale: 1 };
  const weights = attentionWeights(q, keys, 2, heads);
  const expected = [
    1 / 4,
    3 / 4,
    1 / 10,
    9 / 10,
    1 / 2,
    1 / 2,
    Math.exp(2) / (1 + Math.exp(2)),
    1 / (1 + Math.exp(2)),
  ];
  for (const [i, value] of expected.entries()) expect(weights[i]).toBeCloseTo(value, 6);
});

it('gives nothing to what is before the window, whatever is there', () => {
  const keys = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 0, Math.log(3));
  const weights = attentionWeights(Float32Array.of(1), keys, 4, {
    heads: 1,
    kvHeads: 1,
    scale: 1,
    window: 2,
  });
  for (const [i, value] of [0, 0, 1 / 4, 3 / 4].entries()) expect(weights[i]).toBeCloseTo(value, 6);
});

it('stands large scores', () => {
  const weights = attentionWeights(Float32Array.of(1e4, 0), Float32Array.of(1, 0, 2, 0), 2, {
    heads: 1,
    kvHeads: 1,
    scale: 1,
  });
  expect([...weights]).toEqual([0, 1]);
});
