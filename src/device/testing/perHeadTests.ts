/** A product for each head by itself. */

import { describe, expect, test } from 'vitest';
import { joinColumns } from '../../numerics/matrix.ts';
import { operands, values, worstError } from './oracle.ts';
import { bits, cutColumns, type UnderTest } from './underTest.ts';

export function testPerHead(under: UnderTest): void {
  describe('linearPerHead', () => {
    test.each([
      { m: 1, heads: 1, k: 1, n: 1 },
      { m: 3, heads: 2, k: 5, n: 7 },
      { m: 7, heads: 16, k: 128, n: 65 },
      { m: 70, heads: 3, k: 65, n: 2 },
    ])('$m×($heads·$k) by $heads×$n×$k is linear, head by head', async ({ m, heads, k, n }) => {
      const [x, w] = [values(1, m * heads * k), values(2, heads * n * k)];
      const y = under.device.linearPerHead(under.put(x, m, heads * k), under.put(w, heads, n, k));
      expect(y.shape).toEqual([m, heads * n]);
      const result = await under.device.read(y);
      for (let head = 0; head < heads; head++) {
        const part = cutColumns(result, heads * n, head * n, (head + 1) * n);
        const given = {
          x: cutColumns(x, heads * k, head * k, (head + 1) * k),
          w: w.slice(head * n * k, (head + 1) * n * k),
        };
        expect(worstError(part, given, { m, k, n })).toBeLessThanOrEqual(1);
      }
    });

    test('cut by heads equals the whole, bit for bit', async () => {
      const [m, heads, k, n] = [5, 6, 33, 9];
      const { x, w } = operands({ m, k: heads * k, n: n * heads });
      const weights = w.slice(0, heads * n * k);
      const cut = async (start: number, end: number) => {
        const part = under.put(cutColumns(x, heads * k, start * k, end * k), m, (end - start) * k);
        const rows = under.put(weights.slice(start * n * k, end * n * k), end - start, n, k);
        return under.device.read(under.device.linearPerHead(part, rows));
      };
      const parts = [...(await cut(0, 1)), ...(await cut(1, 4)), ...(await cut(4, 4)), ...(await cut(4, 6))];
      const joined = joinColumns(Float32Array.from(parts), m, [n, 3 * n, 0, 2 * n]);
      expect(bits(joined)).toEqual(bits(await cut(0, heads)));
    });

    test('with an empty side is empty, or zeros', async () => {
      const { device } = under;
      expect(device.linearPerHead(under.empty(0, 6), under.seeded(1, 2, 4, 3)).shape).toEqual([0, 8]);
      expect(device.linearPerHead(under.empty(5, 0), under.empty(0, 4, 3)).shape).toEqual([5, 0]);
      const zeros = device.linearPerHead(under.empty(5, 0), under.empty(2, 4, 0));
      expect(await device.read(zeros)).toEqual(new Float32Array(40));
    });

    test('refuses shapes that do not fit', () => {
      const x = under.seeded(1, 2, 6);
      expect(() => under.device.linearPerHead(x, under.seeded(2, 2, 4, 2))).toThrow(
        /x is 2×6 and w 2×4×2; w needs three sizes, of which the first times the last is the width of x/,
      );
      expect(() => under.device.linearPerHead(x, x)).toThrow(/w 2×6; w needs three sizes/);
    });
  });
}
