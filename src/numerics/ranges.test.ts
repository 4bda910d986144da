import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consecutiveRanges, lengthOf, ownerOf, shardRange, shardRanges } from './ranges.ts';

describe('shardRange', () => {
  it('is contiguous, disjoint, complete and balanced', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (total, worldSize) => {
        const ranges = shardRanges(total, worldSize);
        let at = 0;
        for (const range of ranges) {
          expect(range.start).toBe(at);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          at = range.end;
        }
        expect(at).toBe(total);
        const lengths = ranges.map(lengthOf);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
        expect([...lengths].sort((a, b) => b - a)).toEqual(lengths); // the larger ones come first
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the last ranks empty where there are more ranks than elements', () => {
    expect([0, 1, 2, 3].map((rank) => lengthOf(shardRange(2, 4, rank)))).toEqual([1, 1, 0, 0]);
  });
});

it('ownerOf finds the range of an index, and skips empty ones', () => {
  const ranges = consecutiveRanges([2, 0, 3]);
  expect([0, 1, 2, 4, 5].map((index) => ownerOf(ranges, index))).toEqual([0, 0, 2, 2, -1]);
});
