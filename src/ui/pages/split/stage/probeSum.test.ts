import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import type { CellProbe } from '#lab/split/run.ts';
import { planSplit } from '#program/splitPlan.ts';
import { probeSumOf, spokenSum } from './probeSum.ts';

const planOf = (params: Partial<SplitParams>) => planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));

function probeOf(
  terms: readonly (number | null)[],
  order: readonly number[],
  result: number,
  bias: number | null = null,
): CellProbe {
  const ranks = terms.map((term, rank) => {
    const count = term === null ? 0 : 2;
    const values = Float32Array.of(0.5, -2).slice(0, count);
    return { rank, term, x: values, w: values, count, bias, result, expected: rank === 1 ? result : null };
  });
  return { row: 2, col: 7, ranks, order };
}

describe('probeSumOf', () => {
  it('adds in the given order, in float32, and then the bias', () => {
    const sum = probeSumOf(planOf({ split: 'row', ranks: 3 }), probeOf([0.5, 0.25, 1], [2, 0, 1], 2, 0.25));
    expect(sum?.terms.map(({ rank, running }) => [rank, running])).toEqual([
      [2, 1],
      [0, 1.5],
      [1, 1.75],
    ]);
    expect(sum).toMatchObject({ bias: 0.25, biasPerTerm: false, result: 2, expected: 2 });
  });

  it('knows that the bug has put the bias into each term', () => {
    const plan = planOf({ split: 'row', ranks: 2, biasOnEveryRank: true });
    const sum = probeSumOf(plan, probeOf([1, 2], [1, 0], 3));
    expect(sum).toMatchObject({ bias: null, biasPerTerm: true });
    expect(sum?.terms[0]?.products).toBe('0.50 × 0.50 + −2.00 × −2.00 + bias');
  });

  it('has one term in a column split', () => {
    const sum = probeSumOf(planOf({ split: 'column', ranks: 2, bias: false }), probeOf([null, 3], [1], 3));
    expect(sum?.terms.map(({ rank }) => rank)).toEqual([1]);
    expect(sum?.bias).toBeNull();
  });

  it('is null before any rank has the result', () => {
    const probe = probeOf([1], [0], 1);
    const ranks = probe.ranks.map((rank) => ({ ...rank, result: null }));
    expect(probeSumOf(planOf({ ranks: 1 }), { ...probe, ranks })).toBeNull();
  });
});

describe('spokenSum', () => {
  it('says the terms in their order', () => {
    const probe = probeOf([0.5, -0.25], [1, 0], 0.25);
    const sum = probeSumOf(planOf({ split: 'row', ranks: 2, bias: false }), probe);
    expect(sum && spokenSum('Y', probe, sum)).toBe(
      'Y, row 2, column 7. rank 1: −0.250, plus rank 0: 0.500. Result 0.250, 0 away from the float64 product.',
    );
  });
});
