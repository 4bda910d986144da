import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { ringOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { holdingsAfter, movesOf, type Ring } from './holdings.ts';

function ringFor(params: Partial<SplitParams>): Ring {
  return ringOf(planSplit(configOf({ ...DEFAULT_PARAMS, ...params }))) ?? [];
}

describe('holdingsAfter', () => {
  it.each([2, 3, 4, 5, 8])(
    'sums on %i ranks: each owns its chunk half way, all hold all at the end',
    (ranks) => {
      const ring = ringFor({ split: 'row', ranks });
      const terms = (steps: number) => holdingsAfter(ring, steps).map((row) => row.map((held) => held.terms));
      expect(terms(0).flat()).toEqual(Array.from({ length: ranks * ranks }, () => 1));
      const half = holdingsAfter(ring, ranks - 1);
      expect(half.map((row, rank) => row[rank])).toEqual(
        Array.from({ length: ranks }, () => ({ terms: ranks, complete: true })),
      );
      expect(half.flat().filter(({ complete }) => complete)).toHaveLength(ranks);
      const end = holdingsAfter(ring, 2 * (ranks - 1)).flat();
      expect(end.every(({ terms: count, complete }) => count === ranks && complete)).toBe(true);
    },
  );

  it('gathers: each rank starts with its own columns alone', () => {
    const ring = ringFor({ split: 'column', ranks: 3 });
    const complete = (steps: number) =>
      holdingsAfter(ring, steps).map((row) => row.map((held) => held.complete));
    expect(complete(0)).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    expect(complete(2).flat().every(Boolean)).toBe(true);
  });
});

describe('movesOf', () => {
  it('names what goes from each rank to its next neighbour', () => {
    expect(movesOf(ringFor({ split: 'row', ranks: 3 }), 0)).toEqual([
      { from: 2, to: 0, chunk: 1, action: 'reduce' },
      { from: 0, to: 1, chunk: 2, action: 'reduce' },
      { from: 1, to: 2, chunk: 0, action: 'reduce' },
    ]);
  });
});
