/** Operations over whole rows, shorter and longer than a workgroup. */

import { describe, expect, test } from 'vitest';
import type { Tensor } from '../device.ts';
import { naiveSoftmax } from './naive.ts';
import { values } from './oracle.ts';
import { bits, rowSizes, rowsOf, type UnderTest, worstDifference } from './underTest.ts';

const epsilon = 1e-5;
const lowest = -3.4028234663852886e38;

export function testRows(under: UnderTest): void {
  describe('softmax, rowMax and sumExp', () => {
    test.each(rowSizes)('of %i×%i', async (m, n) => {
      const { device } = under;
      const x = values(1, m * n).map((value) => 10 * value);
      const shift = values(2, m).map((value) => value + 10);
      const rows = rowsOf(x, n);
      const given = under.put(x, m, n);
      const soft = await device.read(device.softmax(given));
      const exact = rows.flatMap(naiveSoftmax);
      // Relative to the largest weight: WGSL's exp of −20 … 0 is exact to 3 + 2·20 units in the last place.
      expect(worstDifference(soft, exact)).toBeLessThan(3e-6 * exact.reduce((a, b) => Math.max(a, b)));
      const highest = device.rowMax(given);
      expect(highest.shape).toEqual([m]);
      expect([...(await device.read(highest))]).toEqual(rows.map((row) => Math.max(...row)));
      const sums = await device.read(device.sumExp(given, under.put(shift, m)));
      for (const [i, row] of rows.entries()) {
        const exact = row.reduce((sum, value) => sum + Math.exp(value - (shift[i] ?? 0)), 0);
        expect(Math.abs((sums[i] ?? Number.NaN) / exact - 1)).toBeLessThan(4e-6);
      }
    });

    test('weigh masked scores 0, and all of a masked row alike', async () => {
      const { device } = under;
      const rows = [
        [1, lowest, 2, lowest],
        [lowest, lowest, lowest, lowest],
        [-1000, -1001, lowest, -2000],
        [1e5, 0, -1e30, 1e5],
      ];
      const x = under.put(rows.flat(), 4, 4);
      const y = await device.read(device.softmax(x));
      expect(worstDifference(y, rows.flatMap(naiveSoftmax))).toBeLessThan(1e-6);
      expect([y[1], y[3], y[10], y[13]]).toEqual([0, 0, 0, 0]);
      const top = device.rowMax(x);
      expect([...(await device.read(top))]).toEqual([2, lowest, -1000, 1e5]);
      const sums = await device.read(device.sumExp(x, top));
      expect(worstDifference(sums, [1 + Math.exp(-1), 4, 1 + Math.exp(-1), 2])).toBeLessThan(1e-6);
    });

    test('of empty rows', async () => {
      const { device } = under;
      const none = under.empty(2, 0);
      expect(device.softmax(none).shape).toEqual([2, 0]);
      expect([...(await device.read(device.rowMax(none)))]).toEqual([lowest, lowest]);
      expect([...(await device.read(device.sumExp(none, device.rowMax(none))))]).toEqual([0, 0]);
      expect(device.rowMax(under.empty(0, 5)).shape).toEqual([0]);
      expect(device.sumExp(under.empty(0, 5), under.empty(0)).shape).toEqual([0]);
      expect(() => device.sumExp(under.seeded(1, 2, 3), under.seeded(1, 3))).toThrow(
        /shift is 3; it needs to be 2/,
      );
      expect(() => device.softmax(under.seeded(1, 3))).toThrow(/x is 3; it needs two sizes/);
    });

    test('reach every row of a tall matrix', async () => {
      const m = 65_535 + 100; // more than a grid has workgroups along a side
      const x = Float32Array.from({ length: 2 * m }, (_, i) => i);
      const top = await under.device.read(under.device.rowMax(under.put(x, m, 2)));
      expect(top.every((value, row) => value === 2 * row + 1)).toBe(true);
    });
  });

  test('rows have the same bits wherever a cut puts them', async () => {
    const { device } = under;
    const [m, n] = [9, 131];
    const x = values(1, m * n);
    const [w, b] = [under.seeded(2, n), under.seeded(3, n)];
    const run: Readonly<Record<string, (rows: Tensor) => Tensor>> = {
      rmsNorm: (rows) => device.rmsNorm(rows, w, epsilon),
      layerNorm: (rows) => device.layerNorm(rows, w, b, epsilon),
      softmax: (rows) => device.softmax(rows),
      rowMax: (rows) => device.rowMax(rows),
      sumExp: (rows) => device.sumExp(rows, device.rowMax(rows)),
      topK: (rows) => device.topK(rows, 3),
    };
    for (const [name, of] of Object.entries(run)) {
      const part = async (start: number, end: number) =>
        device.read(of(under.put(x.slice(start * n, end * n), end - start, n)));
      const parts = [...(await part(0, 1)), ...(await part(1, 6)), ...(await part(6, 9))];
      expect(bits(Float32Array.from(parts)), name).toEqual(bits(await part(0, m)));
    }
  });
}
