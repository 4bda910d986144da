/** Rotary embedding in both layouts, against rotations of the plane. */

import { describe, expect, test } from 'vitest';
import { joinColumns } from '../../numerics/matrix.ts';
import type { RopeOptions } from '../device.ts';
import { naiveRope } from './naive.ts';
import { values } from './oracle.ts';
import { bits, cutColumns, type UnderTest, worstDifference } from './underTest.ts';

const angle = (position: number, pair: number, rotated: number) =>
  position * 10_000 ** ((-2 * pair) / rotated);

/** The table `[positions, rotated]`. */
function tableOf(positions: number, rotated: number): Float32Array {
  return Float32Array.from({ length: positions * rotated }, (_, at) => {
    const [position, col] = [Math.floor(at / rotated), at % rotated];
    const pair = col % (rotated / 2);
    return col < rotated / 2
      ? Math.cos(angle(position, pair, rotated))
      : Math.sin(angle(position, pair, rotated));
  });
}

export function testRopes(under: UnderTest): void {
  describe('rope', () => {
    const layouts = ['half', 'interleaved'] as const;
    test.each(
      layouts.flatMap((layout) => [
        { layout, t: 1, heads: 1, headDim: 2, rotated: 2, offset: 0, start: 0 },
        { layout, t: 5, heads: 3, headDim: 8, rotated: 8, offset: 0, start: 0 },
        { layout, t: 3, heads: 2, headDim: 192, rotated: 64, offset: 128, start: 100 },
        { layout, t: 70, heads: 1, headDim: 9, rotated: 6, offset: 1, start: 2 },
        { layout, t: 2, heads: 2, headDim: 4, rotated: 0, offset: 3, start: 1 },
      ]),
    )('$layout, $rotated of $headDim columns from $offset on', async ({ t, heads, rotated, ...options }) => {
      const { headDim, offset, start, layout } = options;
      const data = values(1, t * heads * headDim);
      const x = under.put(data, t, heads * headDim);
      const table = under.put(tableOf(start + t + 1, rotated), start + t + 1, rotated);
      const y = under.device.rope(x, table, options);
      expect(y.shape).toEqual(x.shape);
      const pairs = Array.from({ length: rotated / 2 }, (_, i): [number, number] =>
        layout === 'half' ? [offset + i, offset + i + rotated / 2] : [offset + 2 * i, offset + 2 * i + 1],
      );
      const expected = Array.from({ length: t * heads }, (_, head) =>
        naiveRope(
          [...data.slice(head * headDim, (head + 1) * headDim)],
          pairs,
          pairs.map((_pair, i) => angle(start + Math.floor(head / heads), i, rotated)),
        ),
      ).flat();
      // Roundings of the table, of two products and of their sum, each of at most 2⁻²⁴ of a value below √2.
      expect(worstDifference(await under.device.read(y), expected)).toBeLessThan(4e-7);
    });

    test('cut by heads, or started later, equals the whole, bit for bit', async () => {
      const { device } = under;
      const [t, heads, headDim] = [6, 5, 16];
      const data = values(1, t * heads * headDim);
      const table = under.put(tableOf(t, headDim), t, headDim);
      const options: RopeOptions = { headDim, start: 0, layout: 'half' };
      const whole = await device.read(device.rope(under.put(data, t, heads * headDim), table, options));
      const cut = async (start: number, end: number) => {
        const part = cutColumns(data, heads * headDim, start * headDim, end * headDim);
        return device.read(device.rope(under.put(part, t, (end - start) * headDim), table, options));
      };
      const parts = [...(await cut(0, 2)), ...(await cut(2, 2)), ...(await cut(2, 5))];
      expect(bits(joinColumns(Float32Array.from(parts), t, [2 * headDim, 0, 3 * headDim]))).toEqual(
        bits(whole),
      );
      const later = under.put(data.slice(4 * heads * headDim), 2, heads * headDim);
      const rows = await device.read(device.rope(later, table, { ...options, start: 4 }));
      expect(bits(rows)).toEqual(bits(whole.slice(4 * heads * headDim)));
    });

    test('of nothing is nothing', () => {
      const table = under.put(tableOf(3, 4), 3, 4);
      const options: RopeOptions = { headDim: 4, start: 0, layout: 'half' };
      expect(under.device.rope(under.empty(0, 8), table, options).shape).toEqual([0, 8]);
      expect(under.device.rope(under.empty(3, 0), table, options).shape).toEqual([3, 0]);
    });

    test('refuses what does not fit', () => {
      const x = under.seeded(1, 2, 12);
      const table = under.put(tableOf(3, 4), 3, 4);
      const options: RopeOptions = { headDim: 6, start: 0, layout: 'half' };
      const rope = (changes: Partial<RopeOptions>) => () =>
        under.device.rope(x, table, { ...options, ...changes });
      expect(rope({ headDim: 5 })).toThrow(/the width 12 does not divide by 5/);
      expect(rope({ offset: 3 })).toThrow(/turns 4 columns from 3 on; a head has 6/);
      for (const offset of [-1, 0.5, Number.NaN]) expect(rope({ offset })).toThrow(/turns 4 columns from/);
      expect(rope({ start: 2 })).toThrow(/rows 2 … 4 are not among the 3 there are/);
      expect(() => under.device.rope(x, under.seeded(1, 2, 3), options)).toThrow(/they turn in pairs/);
    });
  });
}
