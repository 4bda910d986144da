import { describe, expect, it } from 'vitest';
import { shardRanges } from '#numerics/ranges.ts';
import { axisOf } from './axis.ts';
import { cellAfterKey } from './gridKeys.ts';

describe('cellAfterKey', () => {
  const rows = axisOf(10, 100, null);
  const cols = axisOf(12, 120, shardRanges(12, 5));
  const keyed = (row: number, col: number, key: string, ctrl = false) =>
    cellAfterKey(rows, cols, { row, col }, key, ctrl);

  it.each([
    ['ArrowRight', { row: 2, col: 8 }],
    ['ArrowLeft', { row: 2, col: 6 }],
    ['ArrowUp', { row: 1, col: 7 }],
    ['ArrowDown', { row: 3, col: 7 }],
    ['Home', { row: 2, col: 0 }],
    ['End', { row: 2, col: 11 }],
    ['PageUp', { row: 0, col: 7 }],
    ['PageDown', { row: 9, col: 7 }],
    ['Tab', null],
  ])('%s', (key, cell) => {
    expect(keyed(2, 7, key)).toEqual(cell);
  });

  it('stays inside', () => {
    expect(keyed(0, 0, 'ArrowUp')).toEqual({ row: 0, col: 0 });
    expect(keyed(9, 11, 'ArrowRight')).toEqual({ row: 9, col: 11 });
  });

  it('goes to the corners with Ctrl', () => {
    expect(keyed(4, 4, 'Home', true)).toEqual({ row: 0, col: 0 });
    expect(keyed(4, 4, 'End', true)).toEqual({ row: 9, col: 11 });
  });

  it('goes from the middle of one block to that of the next', () => {
    const blocks = axisOf(2400, 240, null);
    expect(cellAfterKey(blocks, cols, { row: 149, col: 0 }, 'ArrowDown', false)).toEqual({
      row: 249,
      col: 0,
    });
  });
});
