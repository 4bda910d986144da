/** topK against a sort, where rows are shorter and longer than k and than a workgroup, and where values are special. */

import { describe, expect, test } from 'vitest';
import { values } from './oracle.ts';
import { rowsOf, type UnderTest } from './underTest.ts';

/** By PyTorch's order, NaN above all; of equal ones the lower index first. −0 is below 0, as in shaders/order.wgsl. */
function sorted(row: readonly number[], k: number): { values: number[]; indices: number[] } {
  const rank = (value: number): number =>
    Number.isNaN(value) ? Number.POSITIVE_INFINITY : Object.is(value, -0) ? -Number.MIN_VALUE : value;
  const order = [...row.keys()].sort((a, b) => {
    const [x, y] = [row[a] as number, row[b] as number];
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? -1 : 1;
    return rank(x) === rank(y) ? a - b : rank(y) - rank(x);
  });
  const found = order.slice(0, k);
  const missing = Array.from({ length: k - found.length });
  return {
    values: [...found.map((i) => row[i] as number), ...missing.map(() => Number.NEGATIVE_INFINITY)],
    indices: [...found, ...missing.map(() => -1)],
  };
}

export function testTop(under: UnderTest): void {
  describe('topK', () => {
    const expectTop = async (data: readonly number[], m: number, n: number, k: number): Promise<void> => {
      const { device } = under;
      const y = device.topK(under.put(data, m, n), k);
      expect(y.shape).toEqual([m, 2 * k + 1]);
      const rows = rowsOf(await device.read(y), 2 * k + 1);
      for (const [i, row] of rowsOf(Float32Array.from(data), n).entries()) {
        const expected = sorted(row, k);
        const top = rows[i]?.slice(0, -1);
        expect(top, `row ${i}`).toEqual([...expected.values, ...expected.indices]);
        const [largest = Number.NaN] = expected.values;
        if (!Number.isFinite(largest)) continue;
        const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
        expect(Math.abs((rows[i]?.at(-1) ?? 0) / sum - 1)).toBeLessThan(1e-5);
      }
    };

    test.each([
      [1, 1, 1],
      [3, 5, 1],
      [2, 5, 8], // fewer than asked for
      [2, 70, 4],
      [1, 1031, 17], // longer than a workgroup is wide
      [2, 70_000, 3], // and than a stripe
    ])('of %i×%i, the first %i', (m, n, k) => {
      // Rounded, so that there are equal ones.
      const data = [...values(m + n, m * n)].map((value) => Math.round(value * 1000) / 8);
      return expectTop(data, m, n, k);
    });

    test('with NaN first, equal ones by index, infinities in their places', async () => {
      const [nan, most] = [Number.NaN, Number.POSITIVE_INFINITY];
      const rows = [
        [1, nan, most, nan, 2, -most],
        [-most, -most, -most, -most, -most, -most],
        [0, -0, 0, -0, -1e-45, 1e-45],
        [5, 5, 5, 5, 5, 5],
        [nan, nan, nan, nan, nan, nan],
        [3.4e38, -3.4e38, most, -most, 1, -1],
      ];
      for (const k of [1, 4, 6, 7]) await expectTop(rows.flat(), 6, 6, k);
    });

    test('of empty rows', async () => {
      const { device } = under;
      const lowest = Number.NEGATIVE_INFINITY;
      expect([...(await device.read(device.topK(under.empty(1, 0), 2)))]).toEqual([
        lowest,
        lowest,
        -1,
        -1,
        0,
      ]);
      expect(device.topK(under.empty(0, 3), 2).shape).toEqual([0, 5]);
      for (const k of [0, 1.5, Number.NaN]) {
        expect(() => device.topK(under.seeded(1, 2, 3), k)).toThrow(/must be a whole number from 1/);
      }
    });
  });
}
