import { expect, it } from 'vitest';
import { preview } from './preview.ts';

it('shows a small matrix exactly', () => {
  const data = Float32Array.of(1, -2, 3, -4);
  const shown = preview({ rows: 2, cols: 2, data }, { rows: 2, cols: 4 });
  expect(shown).toMatchObject({ gridRows: 2, gridCols: 2, exact: true });
  expect([...shown.values]).toEqual([1, -2, 3, -4]);
});

it('shows a large one as root mean squares of blocks, and never loses a shard that is not empty', () => {
  const data = new Float32Array(1000 * 7).fill(-2);
  const shown = preview({ rows: 1000, cols: 7, data }, { rows: 1000, cols: 8000 });
  expect(shown).toMatchObject({ gridRows: 24, gridCols: 1, exact: false });
  expect(shown.values.every((value) => value === 2)).toBe(true);
  expect(
    preview({ rows: 0, cols: 7, data: new Float32Array(0) }, { rows: 1000, cols: 7 }).values,
  ).toHaveLength(0);
});
