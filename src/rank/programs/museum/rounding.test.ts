import { expect, test } from 'vitest';
import { bfloat16, float16, roundingOn } from './rounding.ts';

test('floats are rounded as IEEE 754 has it, ties to even', () => {
  expect([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -1.00390625].map(bfloat16)).toEqual([1, 1, 1 + 2 ** -6, -1]);
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, -(1 + 2 ** -10), 2 ** -24, 2 ** -25, 0.1].map(float16)).toEqual([
    1,
    1 + 2 ** -9,
    -(1 + 2 ** -10),
    2 ** -24,
    0,
    0.0999755859375,
  ]);
  expect([0.1, Math.PI].map(bfloat16)).toEqual([0.10009765625, 3.140625]);
});

test('the narrower the float and the more ranks, the farther from float64; on one rank nothing has changed', () => {
  const on = [1, 2, 4, 8].map((ranks) => roundingOn(ranks, 3));
  for (const { worldSize, floats } of on) {
    const [single, half, brain] = floats.map(({ median }) => median) as [number, number, number];
    expect(half).toBeGreaterThan(100 * single);
    expect(brain).toBeGreaterThan(4 * half);
    for (const { bins, most, changed } of floats) {
      expect(bins.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      expect(most).toBeLessThan(0.1); // no bug
      if (worldSize === 1) expect(changed).toBe(0);
      else expect(changed).toBeGreaterThan(0.2);
    }
  }
  const brain = on.map(({ floats }) => floats[2]?.median ?? 0);
  expect(brain[3]).toBeGreaterThan(1.3 * (brain[0] ?? 0));
});
