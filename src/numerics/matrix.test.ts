import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutBlock, fillBlock, joinColumns } from './matrix.ts';
import { lengthOf, shardRanges } from './ranges.ts';

it('column shards that are cut and joined again give the matrix', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9 }),
      fc.nat(20),
      fc.integer({ min: 1, max: 8 }),
      (rows, cols, worldSize) => {
        const whole = Float32Array.from({ length: rows * cols }, (_, i) => i);
        const all = { start: 0, end: rows };
        const ranges = shardRanges(cols, worldSize);
        const shards = ranges.map((range) => cutBlock(whole, cols, { rows: all, cols: range }));
        const parts = Float32Array.from(shards.flatMap((shard) => [...shard]));
        expect(joinColumns(parts, rows, ranges.map(lengthOf))).toEqual(whole);
      },
    ),
  );
});

it('fillBlock computes elements by their place in the whole matrix', () => {
  const block = { rows: { start: 1, end: 3 }, cols: { start: 2, end: 4 } };
  expect([...fillBlock(block, (row, col) => 10 * row + col)]).toEqual([12, 13, 22, 23]);
});
