import { describe, expect, it } from 'vitest';
import { preview } from '#numerics/preview.ts';
import { lengthOf, shardRanges } from '#numerics/ranges.ts';
import { axisOf, indexAt, indexOf, placeOf, SEAM, slotAt, slotOf, spanOf } from './axis.ts';

describe('axisOf', () => {
  it('gives each index a slot and each cut a seam', () => {
    const axis = axisOf(10, 100, shardRanges(10, 3));
    expect(axis.extent).toBe(100 + 2 * SEAM);
    expect(axis.slots.map(({ rank }) => rank)).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(axis.slots[4]).toMatchObject({ at: 40 + SEAM, size: 10, local: 0, range: { start: 4, end: 5 } });
    expect(axis.shards.map(({ at, size }) => [at, size])).toEqual([
      [0, 40],
      [40 + SEAM, 30],
      [70 + 2 * SEAM, 30],
    ]);
  });

  it('has no seams and no shards where nothing is cut', () => {
    const axis = axisOf(5, 50, null);
    expect(axis).toMatchObject({ extent: 50, shards: [] });
    expect(axis.slots.every(({ rank }) => rank === null)).toBe(true);
  });

  it('has shards without slots where there are more ranks than indices', () => {
    const axis = axisOf(2, 20, shardRanges(2, 4));
    expect(axis.slots).toHaveLength(2);
    expect(axis.shards.map(({ size }) => size)).toEqual([10, 10, 0, 0]);
    expect(axis.extent).toBe(20 + SEAM);
  });

  it.each([1, 3, 5, 8])('has as many slots as the previews of %i shards have cells', (ranks) => {
    const ranges = shardRanges(1000, ranks);
    const axis = axisOf(1000, 300, ranges);
    for (const [rank, range] of ranges.entries()) {
      const cols = lengthOf(range);
      const { gridCols } = preview(
        { rows: 2, cols, data: new Float32Array(2 * cols) },
        { rows: 2, cols: 1000 },
      );
      expect(axis.slots.filter((slot) => slot.rank === rank)).toHaveLength(gridCols);
    }
    expect(axis.slots.at(-1)?.range.end).toBe(1000);
  });
});

describe('looking up slots', () => {
  const axis = axisOf(10, 100, shardRanges(10, 2));

  it('finds the slot under a pixel, the nearest one past the end', () => {
    expect(slotAt(axis, 0)?.range.start).toBe(0);
    expect(slotAt(axis, 55 + SEAM)?.range.start).toBe(5);
    expect(slotAt(axis, 1000)?.range.start).toBe(9);
  });

  it('finds the slot of an index, and the index that stands for a block', () => {
    const blocks = axisOf(2400, 240, null);
    const slot = slotOf(blocks, 150);
    expect(slot?.range).toEqual({ start: 100, end: 200 });
    expect(slot && indexOf(slot)).toBe(149);
    expect(slotOf(axis, 99)).toBeUndefined();
  });

  it('spans a range over seams, and nothing for an empty one', () => {
    expect(spanOf(axis, { start: 3, end: 6 })).toEqual({ at: 30, size: 30 + SEAM });
    expect(spanOf(axis, { start: 3, end: 3 })).toBeNull();
  });
});

it('goes from the middle of one block to that of the next', () => {
  const blocks = axisOf(2400, 240, null);
  const place = placeOf(blocks, 149);
  expect(indexAt(blocks, place + 1)).toBe(249);
  expect(indexAt(blocks, 9999)).toBe(0);
});
