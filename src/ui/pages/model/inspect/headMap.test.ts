/** The places of cells in the map of heads. */

import { expect, it } from 'vitest';
import { headCellAt, outlineOf, ROW } from './headMap.ts';

const headOf = (index: number, weights: number[]) => ({
  index,
  rank: 0,
  weights: Float32Array.from(weights),
});

it('finds every cell where it is outlined, however wide cells are', () => {
  for (const [width, count] of [
    [600, 7],
    [601, 100],
    [333, 333],
    [500, 420],
  ] as const) {
    const heads = [0, 1, 2].map((index) =>
      headOf(
        index,
        Array.from({ length: count }, () => 1 / count),
      ),
    );
    for (let row = 0; row < heads.length; row++) {
      for (let col = 0; col < count; col++) {
        const box = outlineOf({ row, col }, { width, count });
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.left + box.width).toBeLessThanOrEqual(width + 1e-9);
        const point = { x: ((col + 0.5) * width) / count, y: box.top + 1 };
        expect(point.x).toBeGreaterThanOrEqual(box.left - 1e-9);
        expect(point.x).toBeLessThanOrEqual(box.left + box.width + 1e-9);
        expect(headCellAt(heads, { width, count }, point)).toEqual({ row, col });
      }
    }
  }
});

it('takes the strongest of the tokens that share a pixel, and nothing outside', () => {
  const [width, count] = [100, 1000];
  const weights = Array.from({ length: count }, (_, i) => (i === 507 ? 0.9 : 1e-4));
  const heads = [headOf(0, weights)];
  expect(headCellAt(heads, { width, count }, { x: 50.4, y: 3 })).toEqual({ row: 0, col: 507 });
  expect(headCellAt(heads, { width, count }, { x: -5, y: -5 })).toEqual({ row: 0, col: 0 });
  expect(headCellAt(heads, { width, count }, { x: 500, y: 5 * ROW }).col).toBeGreaterThanOrEqual(990);
});
