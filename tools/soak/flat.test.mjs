import { describe, expect, it } from 'vitest';
import { hash32 } from '../../src/numerics/random.ts';
import { slopeOf, verdictOf } from './flat.mjs';

const xs = Array.from({ length: 40 }, (_, i) => 8 * i);
/** @param {number} i */
const noise = (i) => (hash32(3, i) / 2 ** 32 - 0.5) * 20;
/** @param {number} perLaunch */
const series = (perLaunch) => xs.map((x, i) => 1000 + perLaunch * x + noise(i));

describe('slopeOf', () => {
  it('finds a line exactly', () => {
    expect(
      slopeOf(
        xs,
        xs.map((x) => 5 - 0.25 * x),
      ),
    ).toEqual({ value: -0.25, low: -0.25, high: -0.25 });
  });

  it('is not bent by a sample that is far off', () => {
    const ys = series(0.5);
    ys[20] = 1e9;
    const slope = slopeOf(xs, ys);
    expect(slope?.value).toBeCloseTo(0.5, 1);
  });

  it('covers the truth about as often as it says', () => {
    let covered = 0;
    for (let round = 0; round < 200; round++) {
      const ys = xs.map((x, i) => 0.1 * x + hash32(hash32(5, round), i) / 2 ** 32);
      const slope = slopeOf(xs, ys);
      if (slope !== null && slope.low <= 0.1 && slope.high >= 0.1) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.9);
    expect(covered / 200).toBeLessThan(1);
  });

  it('says nothing of seven samples', () => {
    expect(slopeOf(xs.slice(0, 7), series(1).slice(0, 7))).toBeNull();
  });
});

describe('verdictOf', () => {
  it.each([
    [0, 'flat'],
    [-3, 'flat'],
    [1, 'grows'],
    [0.17, 'undecided'],
  ])('a growth of %d for each launch is %s, where 50 in 300 are allowed', (perLaunch, verdict) => {
    expect(verdictOf(slopeOf(xs, series(perLaunch)), 300, 50)).toBe(verdict);
  });

  it('decides nothing without a slope', () => {
    expect(verdictOf(null, 300, 50)).toBe('undecided');
  });
});
