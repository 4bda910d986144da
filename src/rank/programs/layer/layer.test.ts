import { describe, expect, it } from 'vitest';
import { compareOutputs } from '../unsplit.ts';
import { ownTokens, seededIds, seededRows, seededWeights } from './numbers.ts';

describe('compare', () => {
  const f = (...values: number[]): Float32Array => Float32Array.from(values);

  it('passes what is within 1e-5 of the largest element', () => {
    expect(compareOutputs(f(1, 300), f(1.0025, 300))).toMatchObject({ pass: true, count: 2 });
    expect(compareOutputs(f(1, 300), f(1.0035, 300)).pass).toBe(false);
    expect(compareOutputs(f(0, 0), f(2e-5, 0)).pass).toBe(false);
    expect(compareOutputs(f(Number.NEGATIVE_INFINITY, 1), f(Number.NEGATIVE_INFINITY, 1))).toMatchObject({
      pass: true,
      maxAbsError: 0,
    });
  });

  it('fails NaN, a number in place of an infinity, and another length', () => {
    expect(compareOutputs(f(Number.NaN, 1), f(1, 1)).pass).toBe(false);
    expect(compareOutputs(f(1, 1), f(Number.NaN, 1)).pass).toBe(false);
    expect(compareOutputs(f(1e9), f(Number.NEGATIVE_INFINITY)).pass).toBe(false);
    expect(compareOutputs(f(1), f(1, 1)).pass).toBe(false);
    expect(compareOutputs(f(1, 1), f(1)).pass).toBe(false);
  });
});

describe('the numbers of a layer', () => {
  it('are the same element whichever block is asked for', async () => {
    const weights = seededWeights(7, 4);
    const rows = { start: 0, end: 6 };
    const whole = await weights.block('w', rows, { start: 0, end: 5 });
    const part = await weights.block('w', { start: 2, end: 4 }, { start: 1, end: 3 });
    expect([...part]).toEqual([whole[11], whole[12], whole[16], whole[17]]);
    expect(await weights.block('v', rows, { start: 0, end: 5 })).not.toEqual(whole);
    expect(await weights.block('b', { start: 2, end: 4 }, null)).toEqual(
      (await weights.block('b', { start: 0, end: 5 }, null)).slice(2, 4),
    );
    expect(seededRows(7, { start: 3, end: 5 }, 4)).toEqual(seededRows(7, { start: 0, end: 5 }, 4).slice(12));
    expect(seededIds(7, 'ids', { start: 3, end: 5 }, 9)).toEqual(
      seededIds(7, 'ids', { start: 0, end: 5 }, 9).slice(3),
    );
  });

  it('keep products near unit scale, and norms near 1', async () => {
    const size = { start: 0, end: 200 };
    const values = await seededWeights(1, 200).block('w', size, size);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expect(squares / 200).toBeCloseTo(1, 1);
    for (const value of await seededWeights(1, 9).block('a_norm.weight', size, null)) {
      expect(Math.abs(value - 1)).toBeLessThanOrEqual(0.25);
    }
  });

  it('deal out the tokens of a range', () => {
    const tokens = { start: 10, end: 15 };
    expect([0, 1, 2].map((rank) => ownTokens(tokens, 3, rank))).toEqual([
      { start: 10, end: 12 },
      { start: 12, end: 14 },
      { start: 14, end: 15 },
    ]);
  });
});
