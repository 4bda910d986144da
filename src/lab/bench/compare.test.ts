import { describe, expect, it } from 'vitest';
import type { BenchResult } from '../../bench/record.ts';
import { resultOf } from '../../bench/testing/resultOf.ts';
import { changeOf, compareOne, matchRuns, meanRatio } from './compare.ts';

function steady(patch: Partial<BenchResult>, ms: number): BenchResult {
  const samplesMs = Array.from({ length: 30 }, (_, i) => ms * (1 + 0.02 * Math.sin(i)));
  return resultOf({ samplesMs, ...patch }, ms);
}

describe('matchRuns', () => {
  const base = [steady({}, 2), steady({ bytes: 1024 }, 3), steady({ bytes: 8, samplesMs: [] }, 0)];
  const cluster = [
    steady({ backend: 'torch-gloo', placement: 'process', transport: 'gloo' }, 4),
    steady({ backend: 'torch-nccl', placement: 'process', transport: 'nccl' }, 1),
  ];
  it('pairs the same cell, and counts what has no partner', () => {
    const match = matchRuns(base, [steady({}, 1), steady({ worldSize: 4 }, 1)], 'case');
    expect(match.pairs).toHaveLength(1);
    expect(match).toMatchObject({ onlyBase: 1, onlyOther: 1 });
    expect(matchRuns(base, cluster, 'case').pairs).toEqual([]);
  });
  it('pairs the same work wherever it was done, by the fastest', () => {
    const { pairs } = matchRuns(base, cluster, 'work');
    expect(pairs.map((pair) => pair.case.backend)).toEqual(['torch-nccl']);
  });
  it('pairs by the fastest that is right, and says why a pair cannot be built on', () => {
    const wrong = { wrong: 3, ok: false };
    const fast = steady({ backend: 'webgpu', ...wrong }, 0.1);
    const { pairs } = matchRuns(base, [...cluster, fast], 'work');
    expect(pairs).toMatchObject([{ case: { backend: 'torch-nccl' }, doubt: '' }]);
    const hidden = steady({ note: 'unreliable: the tab was hidden, and a hidden tab is throttled' }, 1);
    expect(matchRuns(base, [steady(wrong, 1)], 'case').pairs).toMatchObject([
      { doubt: '3 elements are wrong' },
    ]);
    expect(matchRuns([hidden], base, 'case').pairs).toMatchObject([
      { doubt: 'in the base: the tab was hidden, and a hidden tab is throttled' },
    ]);
  });
});

describe('a comparison', () => {
  const pairOf = (baseMs: number, otherMs: number) => {
    const [pair] = matchRuns([steady({}, baseMs)], [steady({}, otherMs)], 'case').pairs;
    if (pair === undefined) throw new Error('both have the cell');
    return compareOne(pair);
  };
  it.each([
    [2, 1, 'faster'],
    [1, 2, 'slower'],
    [1, 1, 'same'],
  ] as const)('of %d ms with %d ms is %s', (base, other, verdict) => {
    expect(changeOf(pairOf(base, other).ratio)).toBe(verdict);
  });
  it('of single samples cannot be told', () => {
    const mean = (ms: number) => steady({ samplesMs: [ms] }, ms); // as nccl-tests have it
    const [pair] = matchRuns([mean(0.04)], [mean(0.0401)], 'case').pairs;
    const ratio = pair && compareOne(pair).ratio;
    expect(ratio && changeOf(ratio)).toBe('cannot be told');
  });
  it('of one cell is as sure as that cell', () => {
    const one = pairOf(1, 0.99);
    expect(changeOf(one.ratio)).toBe('same');
    expect(meanRatio([one])).toEqual(one.ratio);
  });
  it('leaves cells that cannot be built on out of the one number', () => {
    const doubtful = { ...pairOf(1, 50), doubt: '3 elements are wrong' };
    expect(meanRatio([doubtful])).toBeNull();
    const two = [pairOf(1, 2), pairOf(2, 1)];
    expect(meanRatio([...two, doubtful])).toEqual(meanRatio(two));
  });
  it('is one number over all cells, for which twice and half cancel out', () => {
    expect(meanRatio([])).toBeNull();
    const mean = meanRatio([pairOf(1, 2), pairOf(2, 1)]);
    expect(mean?.value).toBeCloseTo(1, 9);
    expect(changeOf(mean ?? { value: 2, low: 2, high: 2 })).toBe('same');
  });
});
