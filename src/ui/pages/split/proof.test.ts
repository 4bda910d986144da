import { describe, expect, it } from 'vitest';
import type { SplitVerdict } from '#lab/split/run.ts';
import type { SplitConfig } from '#program/split.ts';
import { planSplit } from '#program/splitPlan.ts';
import { proofOf } from './proof.ts';

const GOOD: SplitVerdict = {
  count: 96,
  maxAbsError: 2.4e-7,
  tolerance: 2e-6,
  worstRatio: 0.12,
  pass: true,
  sameBits: true,
};

function say(verdict: Partial<SplitVerdict>, config: Partial<SplitConfig> = {}) {
  const plan = planSplit({
    split: 'row',
    worldSize: 4,
    m: 8,
    k: 16,
    n: 12,
    bias: true,
    biasOnEveryRank: false,
    gatherOutput: true,
    ...config,
  });
  return proofOf({ plan, verdict: { ...GOOD, ...verdict } });
}

describe('proofOf', () => {
  it('gives the error, its share of the tolerance and the bits', () => {
    expect(say({})).toEqual({
      pass: true,
      text: 'Checked: largest error 2.4e−7 against float64 (12\u00a0% of the tolerance), all four ranks hold the same bits',
    });
    expect(say({ worstRatio: 0.002 }, { worldSize: 2 }).text).toContain(
      '(under 1\u00a0% of the tolerance), both ranks',
    );
  });
  it('says no more of bits than there is to say', () => {
    expect(say({ maxAbsError: 0, worstRatio: 0, sameBits: null }).text).toBe(
      'Checked: largest error 0 against float64, each rank holds columns of its own',
    );
    expect(say({ maxAbsError: 0 }, { worldSize: 1 }).text).toBe('Checked: largest error 0 against float64');
  });
  it('names the bug', () => {
    expect(say({ maxAbsError: 2.7, worstRatio: 523_456, pass: false }, { biasOnEveryRank: true })).toEqual({
      pass: false,
      text: 'Wrong: largest error 2.7 against float64, 520,000 times the tolerance. The bias was added 4 times',
    });
  });
  it('fails on different bits', () => {
    expect(say({ sameBits: false })).toEqual({
      pass: false,
      text: 'Wrong: the ranks do not hold the same bits',
    });
    expect(say({ sameBits: false, pass: false, worstRatio: 1.44 }).text).toBe(
      'Wrong: largest error 2.4e−7 against float64, 1.4 times the tolerance, and the ranks do not hold the same bits',
    );
  });
});
