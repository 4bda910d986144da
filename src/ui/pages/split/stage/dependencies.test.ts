import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { lengthOf } from '#numerics/ranges.ts';
import { planSplit } from '#program/splitPlan.ts';
import { dependenciesOf } from './dependencies.ts';

const planOf = (params: Partial<SplitParams>) => planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));
const range = (start: number, end: number) => ({ start, end });

describe('dependenciesOf', () => {
  it('is a row of X and a column of W, shared by all ranks in a row split', () => {
    const [found, ...rest] = dependenciesOf(planOf({ split: 'row', ranks: 4 }), 2, 7);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      product: 0,
      x: { rows: range(2, 3), cols: range(0, 16) },
      w: { rows: range(7, 8), cols: range(0, 16) },
      y: { rows: range(2, 3), cols: range(7, 8) },
    });
    expect(found?.ranks.map(({ rank, x, w }) => [rank, x.cols, w.cols])).toEqual([
      [0, range(0, 4), range(0, 4)],
      [1, range(4, 8), range(4, 8)],
      [2, range(8, 12), range(8, 12)],
      [3, range(12, 16), range(12, 16)],
    ]);
  });

  it('is the owner alone in a column split', () => {
    const [found] = dependenciesOf(planOf({ split: 'column', ranks: 4 }), 2, 7);
    expect(found?.ranks).toEqual([
      {
        rank: 2,
        x: { rows: range(2, 3), cols: range(0, 16) },
        w: { rows: range(7, 8), cols: range(0, 16) },
        y: { rows: range(2, 3), cols: range(7, 8) },
      },
    ]);
  });

  it('goes through a whole row of H and all of A in a pair', () => {
    const [first, second] = dependenciesOf(planOf({ split: 'pair', ranks: 3 }), 1, 5);
    expect(second?.x).toEqual({ rows: range(1, 2), cols: range(0, 12) });
    expect(second?.w).toEqual({ rows: range(5, 6), cols: range(0, 12) });
    expect(first?.y).toEqual(second?.x);
    expect(first?.w).toEqual({ rows: range(0, 12), cols: range(0, 16) });
    expect(first?.ranks.map(({ y }) => y.cols)).toEqual([range(0, 4), range(4, 8), range(8, 12)]);
  });

  it('keeps ranks whose part of the sum is empty, since they hold a partial of it', () => {
    const [found] = dependenciesOf(planOf({ split: 'row', ranks: 8, k: 3 }), 0, 0);
    expect(found?.ranks.map(({ x }) => lengthOf(x.cols))).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
  });
});
