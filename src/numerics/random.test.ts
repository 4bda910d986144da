import { expect, it } from 'vitest';
import { hash32, uniform } from './random.ts';

it('uniform is in [−1, 1), exact in float32, centred, and differs by seed', () => {
  const values = Array.from({ length: 100_000 }, (_, i) => uniform(1, i));
  for (const value of values) {
    if (value < -1 || value >= 1 || Math.fround(value) !== value) expect.fail(`${value}`);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(variance).toBeCloseTo(1 / 3, 2);
  const other = values.filter((value, i) => value === uniform(2, i));
  expect(other.length).toBeLessThan(10);
});

it('neighbouring elements are not correlated', () => {
  let product = 0;
  for (let i = 0; i < 100_000; i++) product += uniform(3, i) * uniform(3, i + 1);
  expect(Math.abs(product / 100_000)).toBeLessThan(0.01);
});

it('hash32 is an unsigned 32-bit number that stays the same', () => {
  expect([hash32(0, 0), hash32(1, 0), hash32(1, 1)]).toMatchInlineSnapshot(`
    [
      441747112,
      339732801,
      2798641936,
    ]
  `);
});
