/** y = x·Wᵀ + b, within the float32 bound, and the same bits however it is cut. */

import { describe, expect, test } from 'vitest';
import { cutBlock, joinColumns } from '../../numerics/matrix.ts';
import { consecutiveRanges, lengthOf } from '../../numerics/ranges.ts';
import { operands, values, worstError } from './oracle.ts';
import { bits, type UnderTest } from './underTest.ts';

const shapes = [
  { m: 1, k: 1, n: 1 },
  { m: 8, k: 16, n: 12 },
  { m: 7, k: 13, n: 11 },
  { m: 1, k: 64, n: 129 },
  { m: 33, k: 1, n: 65 },
  { m: 65, k: 3, n: 1 },
  { m: 33, k: 66, n: 67 },
  { m: 40, k: 512, n: 96 },
  { m: 5, k: 2047, n: 9 },
];

export function testLinear(under: UnderTest): void {
  describe('linear', () => {
    test.each(shapes)('$m×$k by $n×$k', async (shape) => {
      const { m, k, n } = shape;
      const given = operands(shape);
      const x = under.device.tensor(given.x, [m, k]);
      const w = under.device.tensor(given.w, [n, k]);
      const b = under.device.tensor(given.b, [n]);
      const plain = under.device.linear(x, w);
      const biased = under.device.linear(x, w, b);
      expect(plain.shape).toEqual([m, n]);
      expect(
        worstError(await under.device.read(plain), { x: given.x, w: given.w }, shape),
      ).toBeLessThanOrEqual(1);
      expect(worstError(await under.device.read(biased), given, shape)).toBeLessThanOrEqual(1);
      under.device.free(x, w, b, plain, biased);
    });

    test.each([
      { m: 5, k: 64, widths: [1, 30, 0, 7, 26] },
      { m: 9, k: 37, widths: [63, 1, 64, 2] },
      { m: 33, k: 250, widths: [3, 5, 7, 11] },
      { m: 1, k: 1030, widths: [1, 64, 3] },
      { m: 4, k: 96, widths: [2, 129] },
      { m: 130, k: 40, widths: [128, 5] },
    ])('cut into columns $widths equals the whole, bit for bit', async ({ m, k, widths }) => {
      const cuts = consecutiveRanges(widths);
      const n = cuts.at(-1)?.end ?? 0;
      const given = operands({ m, k, n });
      const x = under.device.tensor(given.x, [m, k]);
      const product = async (rows: { start: number; end: number }) => {
        const w = under.device.tensor(cutBlock(given.w, k, { rows, cols: { start: 0, end: k } }), [
          lengthOf(rows),
          k,
        ]);
        const b = under.device.tensor(given.b.slice(rows.start, rows.end), [lengthOf(rows)]);
        const y = under.device.linear(x, w, b);
        const result = await under.device.read(y);
        under.device.free(w, b, y);
        return result;
      };
      const whole = await product({ start: 0, end: n });
      const parts: number[] = [];
      for (const cut of cuts) parts.push(...(await product(cut)));
      expect(bits(joinColumns(Float32Array.from(parts), m, widths))).toEqual(bits(whole));
    });

    // Up to four rows, or more: the two classes may differ.
    test.each([
      { m: 19, fewer: [5, 11] },
      { m: 4, fewer: [1, 3] },
    ])('of $fewer rows of x equals those of $m, bit for bit', async ({ m, fewer }) => {
      const [k, n] = [50, 21];
      const given = operands({ m, k, n });
      const w = under.device.tensor(given.w, [n, k]);
      const whole = await under.device.read(under.device.linear(under.device.tensor(given.x, [m, k]), w));
      for (const rows of fewer) {
        const some = await under.device.read(
          under.device.linear(under.device.tensor(given.x.slice(0, rows * k), [rows, k]), w),
        );
        expect(bits(some)).toEqual(bits(whole.slice(0, rows * n)));
      }
    });

    test('with an empty side is empty, zeros, or the bias', async () => {
      const empty = (...shape: number[]) => under.device.tensor(new Float32Array(), shape);
      const b = under.device.tensor(values(1, 3), [3]);
      const ones = under.device.tensor(new Float32Array(6).fill(1), [2, 3]);
      expect(under.device.linear(empty(0, 3), ones).shape).toEqual([0, 2]);
      expect(under.device.linear(ones, empty(0, 3), empty(0)).shape).toEqual([2, 0]);
      expect(await under.device.read(under.device.linear(empty(0, 0), empty(0, 0)))).toHaveLength(0);
      expect(await under.device.read(under.device.linear(empty(2, 0), empty(3, 0)))).toEqual(
        new Float32Array(6),
      );
      expect(await under.device.read(under.device.linear(empty(2, 0), empty(3, 0), b))).toEqual(
        Float32Array.of(...values(1, 3), ...values(1, 3)),
      );
    });

    test('refuses shapes that do not fit', () => {
      const a = under.device.tensor(new Float32Array(6), [2, 3]);
      const b = under.device.tensor(new Float32Array(4), [2, 2]);
      const flat = under.device.tensor(new Float32Array(3), [3]);
      expect(() => under.device.linear(a, b)).toThrow(/x is 2×3 and w 2×2; both need the same last size/);
      expect(() => under.device.linear(a, a, flat)).toThrow(/b is 3; with w 2×3 it needs 2/);
      expect(() => under.device.linear(flat, a)).toThrow(/x is 3; it needs two sizes/);
    });
  });
}
