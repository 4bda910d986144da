/** Operations that change a tensor, and the zeros that they begin with. */

import { describe, expect, test } from 'vitest';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

export function testInPlace(under: UnderTest): void {
  describe('in place', () => {
    test('writeRows fills a cache from a row on, and keeps the others', async () => {
      const { device } = under;
      const [s, d] = [6, 67];
      const cache = device.zeros([s, d]);
      const [first, second] = [values(1, 3 * d), values(2, 2 * d)];
      device.writeRows(cache, under.put(first, 3, d), 0);
      device.writeRows(cache, under.put(second, 2, d), 2); // over the third of them
      device.writeRows(cache, under.empty(0, d), 6);
      const expected = new Float32Array(s * d);
      expected.set(first);
      expected.set(second, 2 * d);
      expect(await device.read(cache)).toEqual(expected);
      expect(() => device.writeRows(cache, under.seeded(1, 2, d), 5)).toThrow(
        /rows 5 … 7 are not among the 6/,
      );
      expect(() => device.writeRows(cache, under.seeded(1, 2, 3), 0)).toThrow(
        /x is 2×3; it needs to be 2×67/,
      );
      expect(() => device.writeRows(cache, cache, 0)).toThrow(/cannot be changed by itself/);
    });

    test('addRows adds weighted rows, but for those that are elsewhere', async () => {
      const { device } = under;
      const [s, d] = [5, 66];
      const before = values(1, s * d);
      const x = values(2, 4 * d);
      const [indices, weights] = [
        [4, -1, 0, 2],
        [0.5, 7, -2, 0],
      ];
      const target = under.put(before, s, d);
      device.addRows(target, under.put(x, 4, d), under.put(indices, 4), under.put(weights, 4));
      const expected = Float64Array.from(before);
      for (const [i, index] of indices.entries()) {
        for (let c = 0; c < d && index >= 0; c++) {
          expected[index * d + c] = (expected[index * d + c] ?? 0) + (weights[i] ?? 0) * (x[i * d + c] ?? 0);
        }
      }
      // One rounding of the sum, or two without a fused multiply-add: values below 4.
      const sums = await device.read(target);
      for (const [i, sum] of sums.entries())
        expect(Math.abs(sum - (expected[i] ?? Number.NaN))).toBeLessThan(2 ** -22);
      device.addRows(target, under.empty(0, d), under.empty(0), under.empty(0));
      expect(await device.read(target)).toEqual(sums);
      expect(() =>
        device.addRows(target, under.seeded(1, 3, d), under.put([1, 2], 2), under.put([1, 1], 2)),
      ).toThrow(/x is 3×66; it needs to be 2×66/);
    });

    test('are refused on a tensor that was freed', () => {
      const gone = under.device.zeros([2, 2]);
      const x = under.seeded(1, 2, 2);
      under.device.free(gone);
      expect(() => under.device.writeRows(gone, x, 0)).toThrow(/was freed/);
    });
  });

  describe('zeros', () => {
    test('are zeros where others were, and need no upload', async () => {
      const { device } = under;
      device.free(under.put(new Array(12).fill(7), 3, 4));
      await device.sync();
      under.recorder.take();
      const zeros = device.zeros([3, 4]);
      await device.sync();
      expect(under.recorder.take().spans).toEqual([]);
      expect(await device.read(zeros)).toEqual(new Float32Array(12));
      expect(device.zeros([4, 0]).length).toBe(0);
      expect(() => device.zeros([2, -1])).toThrow(/sizes are whole numbers from 0 up/);
    });
  });
}
