import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { planSplit } from '#program/splitPlan.ts';
import { betweenOf } from './between.ts';
import { joinsOf } from './joins.ts';
import { layoutOf } from './layout.ts';

const joins = (params: Partial<SplitParams>, width = 1000, stored = false) =>
  joinsOf(
    layoutOf(planSplit(configOf({ ...DEFAULT_PARAMS, split: 'pair', ...params })), stored, width).plates,
  );

describe('the lines from H to B', () => {
  it('are one a rank that holds anything of H', () => {
    expect(joins({ ranks: 4 }).map(({ rank }) => rank)).toEqual([0, 1, 2, 3]);
    expect(joins({ ranks: 8, n: 5 }).map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4]);
    expect(joins({ ranks: 4 }, 360)).toHaveLength(4); // a phone
  });

  it('do not cross: the later a rank, the lower its line and the farther left it comes down', () => {
    const corners = joins({ ranks: 6 }).map(({ path }) => {
      const [, y, x] = /V([\d.-]+)q[^H]*H([\d.-]+)q/.exec(path) ?? [];
      return { x: Number(x), y: Number(y) };
    });
    for (const [rank, corner] of corners.entries()) {
      const before = corners[rank - 1];
      if (before === undefined) continue;
      expect(corner.y).toBeGreaterThan(before.y);
      expect(corner.x).toBeLessThan(before.x);
    }
    expect(corners).toHaveLength(6);
  });

  it('are there in a pair on several ranks alone, with the rows of B as rows', () => {
    expect(joins({}, 1000, true)).toEqual([]);
    expect(joins({ split: 'row' })).toEqual([]);
    expect(joins({ ranks: 1 })).toEqual([]);
  });
});

describe('what a rank sends between two products', () => {
  it('is nothing where they are a pair, and else its share of H', () => {
    const [paired, unpaired] = betweenOf({ worldSize: 4, m: 8, k: 16, n: 12 });
    expect(paired).toEqual({
      id: 'paired',
      h: { kind: null, bytes: 0 },
      y: { kind: 'all_reduce', bytes: (2 * 3 * 8 * 16 * 4) / 4 },
    });
    expect(unpaired).toEqual({
      id: 'unpaired',
      h: { kind: 'all_gather', bytes: (3 * 8 * 12 * 4) / 4 },
      y: { kind: 'all_gather', bytes: (3 * 8 * 16 * 4) / 4 },
    });
  });
});
