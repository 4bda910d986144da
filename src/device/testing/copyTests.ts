/** Rows and columns that move: nothing is computed, so all of it is exact. */

import { describe, expect, test } from 'vitest';
import { cutBlock } from '../../numerics/matrix.ts';
import { values } from './oracle.ts';
import { cutColumns, type UnderTest } from './underTest.ts';

export function testCopies(under: UnderTest): void {
  describe('columns', () => {
    test('copies a slice', async () => {
      const data = values(1, 77);
      const x = under.put(data, 7, 11);
      for (const [start, end] of [
        [0, 11],
        [3, 4],
        [2, 9],
        [5, 5],
      ] as const) {
        const slice = await under.device.read(under.device.columns(x, start, end));
        expect(slice).toEqual(cutBlock(data, 11, { rows: { start: 0, end: 7 }, cols: { start, end } }));
      }
      expect(() => under.device.columns(x, 4, 12)).toThrow(/4 … 12 are not columns of a 7×11 matrix/);
      expect(() => under.device.columns(x, 4, 3)).toThrow(/4 … 3 are not columns/);
    });

    test('copies a slice of each head', async () => {
      const [m, heads, k] = [3, 5, 67];
      const data = values(1, m * heads * k);
      const x = under.put(data, m, heads * k);
      const y = under.device.columns(x, 2, 66, heads);
      expect(y.shape).toEqual([m, heads * 64]);
      expect(await under.device.read(y)).toEqual(cutColumns(data, k, 2, 66)); // each head as a row of its own
      expect(under.device.columns(under.empty(m, 0), 2, 5, 0).shape).toEqual([m, 0]);
      expect(() => under.device.columns(x, 0, 1, 4)).toThrow(/the width 335 does not divide by 4/);
      expect(() => under.device.columns(x, 0, 68, heads)).toThrow(/a 3×335 matrix's 5 heads/);
    });
  });

  describe('concatPerHead', () => {
    test.each([
      { left: 3, right: 2 },
      { left: 64, right: 65 },
      { left: 0, right: 2 },
      { left: 3, right: 0 },
    ])('puts $right columns behind $left, of each head or for all heads', async ({ left, right }) => {
      const [m, heads] = [4, 3];
      const [a, b] = [values(1, m * heads * left), values(2, m * heads * right)];
      const y = await under.device.read(
        under.device.concatPerHead(
          under.put(a, m, heads * left),
          under.put(b, m, heads * right),
          heads,
          false,
        ),
      );
      const one = cutColumns(b, heads * right, 0, right);
      const shared = await under.device.read(
        under.device.concatPerHead(under.put(a, m, heads * left), under.put(one, m, right), heads, true),
      );
      const parts = Array.from({ length: m * heads }, (_, head) => ({
        a: [...a.slice(head * left, (head + 1) * left)],
        own: [...b.slice(head * right, (head + 1) * right)],
        common: [...one.slice(Math.floor(head / heads) * right, (Math.floor(head / heads) + 1) * right)],
      }));
      expect([...y]).toEqual(parts.flatMap((part) => [...part.a, ...part.own]));
      expect([...shared]).toEqual(parts.flatMap((part) => [...part.a, ...part.common]));
    });

    test('refuses shapes that do not fit, and of no heads is empty', () => {
      const { device } = under;
      const a = under.seeded(1, 4, 6);
      expect(device.concatPerHead(under.empty(4, 0), a, 0, true).shape).toEqual([4, 0]);
      expect(() => device.concatPerHead(a, a, 0, true)).toThrow(/6 does not divide by 0/);
      expect(() => device.concatPerHead(a, under.seeded(2, 3, 6), 3, false)).toThrow(
        /b is 3×6; it needs to be 4×6/,
      );
      expect(() => device.concatPerHead(a, a, 4, true)).toThrow(/the width of a, 6 does not divide by 4/);
    });
  });

  describe('rows', () => {
    test('looks up rows, and gives zeros where there is none', async () => {
      const [v, d] = [9, 70];
      const data = values(1, v * d);
      const x = under.put(data, v, d);
      const wanted = [8, -1, 0, 3, 3, 9, 1e6];
      const y = under.device.rows(x, under.put(wanted, wanted.length));
      expect(y.shape).toEqual([7, d]);
      const row = (index: number) =>
        index >= 0 && index < v ? data.slice(index * d, (index + 1) * d) : new Float32Array(d);
      expect(await under.device.read(y)).toEqual(
        Float32Array.from(wanted.flatMap((index) => [...row(index)])),
      );
    });

    test('of an empty table are zeros, and none are none', async () => {
      const { device } = under;
      const none = device.rows(under.empty(0, 3), under.put([0, -1], 2));
      expect(await device.read(none)).toEqual(new Float32Array(6));
      expect(device.rows(under.seeded(1, 4, 3), under.empty(0)).shape).toEqual([0, 3]);
      expect(() => device.rows(under.seeded(1, 4, 3), under.seeded(1, 2, 2))).toThrow(
        /indices is 2×2; it needs to be 4/,
      );
    });
  });

  describe('pick', () => {
    test('takes an element of each row, or 0', async () => {
      const { device } = under;
      const data = values(1, 5 * 7);
      const picked = device.pick(under.put(data, 5, 7), under.put([6, 0, -1, 3, 7], 5));
      expect(picked.shape).toEqual([5]);
      expect([...(await device.read(picked))]).toEqual([data[6], data[7], 0, data[24], 0]);
      expect(await device.read(device.pick(under.empty(2, 0), under.put([0, 0], 2)))).toEqual(
        new Float32Array(2),
      );
      expect(device.pick(under.empty(0, 3), under.empty(0)).shape).toEqual([0]);
      expect(() => device.pick(under.seeded(1, 2, 2), under.seeded(1, 3))).toThrow(
        /indices is 3; it needs to be 2/,
      );
    });
  });
}
