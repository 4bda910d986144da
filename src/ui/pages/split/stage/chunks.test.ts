import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { ringOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { holdingsAfter } from '../ring/holdings.ts';
import { axisOf } from './axis.ts';
import { chunkOf, chunkStates, labelHeights, outlineOf } from './chunks.ts';

const planOf = (params: Partial<SplitParams>) => planSplit(configOf({ ...DEFAULT_PARAMS, ...params }));

describe('chunkOf', () => {
  it('follows the row-major buffer of an allReduce', () => {
    const plan = planOf({ split: 'row', ranks: 4, m: 3, n: 4 }); // 12 elements, 3 a chunk
    const rows = axisOf(3, 30, null).slots;
    const cols = axisOf(4, 40, null).slots;
    const chunks = rows.map((row) => cols.map((col) => chunkOf(plan, row, col)));
    expect(chunks).toEqual([
      [0, 0, 0, 1],
      [1, 1, 2, 2],
      [2, 3, 3, 3],
    ]);
  });

  it('is the owner of the column in an allGather', () => {
    const plan = planOf({ split: 'column', ranks: 3, m: 2, n: 4 });
    const [row] = axisOf(2, 20, null).slots;
    const cols = axisOf(4, 40, null).slots;
    expect(row && cols.map((col) => chunkOf(plan, row, col))).toEqual([0, 0, 1, 2]);
  });
});

describe('chunkStates', () => {
  it('follows each sum round the ring to its owner, and from there to all', () => {
    const ring = ringOf(planOf({ split: 'row', ranks: 4 }));
    const at = (steps: number) => chunkStates(holdingsAfter(ring ?? [], steps));
    expect(at(1)[0]).toEqual({ chunk: 0, carrier: 2, terms: 2, complete: false, holders: [] });
    expect(at(3)[0]).toEqual({ chunk: 0, carrier: 0, terms: 4, complete: true, holders: [0] });
    expect(at(4)[3]?.holders).toEqual([3, 0]);
    expect(at(6).map(({ holders }) => holders.length)).toEqual([4, 4, 4, 4]);
  });
});

describe('outlineOf', () => {
  const rows = axisOf(3, 30, null);
  const cols = axisOf(4, 40, null);

  it.each([
    ['within a row', 1, 3, 'M10 0H30V10H10Z'],
    ['whole rows', 4, 12, 'M0 10H40V20H40V30H0V10H0Z'],
    ['from mid-row to mid-row', 3, 10, 'M30 0H40V20H20V30H0V10H30Z'],
    ['two rows that do not touch', 2, 5, 'M20 0H40V10H20ZM0 10H10V20H0Z'],
    ['nothing', 5, 5, ''],
  ])('%s', (_, start, end, path) => {
    expect(outlineOf({ start, end }, rows, cols)).toBe(path);
  });
});

describe('labelHeights', () => {
  it('leaves labels at their chunks where they have room', () => {
    expect(labelHeights([10, 30, 50], 15, 60)).toEqual([10, 30, 50]);
  });

  it('keeps them apart, and above the bottom', () => {
    expect(labelHeights([10, 12, 14], 15, 30)).toEqual([0, 15, 30]);
    expect(labelHeights([5, 5], 15, 100)).toEqual([5, 20]);
  });
});
