import { describe, expect, it } from 'vitest';
import { placeAfterKey } from './gridKeys.ts';

describe('placeAfterKey', () => {
  const keyed = (row: number, col: number, key: string, ctrlKey = false) =>
    placeAfterKey({ rows: 20, cols: 12 }, { row, col }, { key, ctrlKey });

  it.each([
    ['ArrowRight', { row: 10, col: 8 }],
    ['ArrowLeft', { row: 10, col: 6 }],
    ['ArrowUp', { row: 9, col: 7 }],
    ['ArrowDown', { row: 11, col: 7 }],
    ['Home', { row: 10, col: 0 }],
    ['End', { row: 10, col: 11 }],
    ['PageUp', { row: 2, col: 7 }],
    ['PageDown', { row: 18, col: 7 }],
    ['Tab', null],
  ])('%s', (key, place) => {
    expect(keyed(10, 7, key)).toEqual(place);
  });

  it('stays inside', () => {
    expect(keyed(0, 0, 'ArrowUp')).toEqual({ row: 0, col: 0 });
    expect(keyed(3, 1, 'PageUp')).toEqual({ row: 0, col: 1 });
    expect(keyed(19, 11, 'ArrowRight')).toEqual({ row: 19, col: 11 });
    expect(keyed(17, 11, 'PageDown')).toEqual({ row: 19, col: 11 });
  });

  it('goes to the corners with Ctrl', () => {
    expect(keyed(4, 4, 'Home', true)).toEqual({ row: 0, col: 0 });
    expect(keyed(4, 4, 'End', true)).toEqual({ row: 19, col: 11 });
  });
});
