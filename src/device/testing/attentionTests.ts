/** Attention, against a score matrix that is stored, and bit for bit under every cut. */

import { describe, expect, test } from 'vitest';
import { joinColumns } from '../../numerics/matrix.ts';
import type { AttentionOptions } from '../device.ts';
import { type Case, cases, operandsOf, optionsOf, plain } from './attentionCases.ts';
import { naiveAttention } from './naive.ts';
import { values } from './oracle.ts';
import { bits, cutColumns, type UnderTest, worstDifference } from './underTest.ts';

/** @param most queries that a pass may have, so that the kernel under test is the one that runs */
export function testAttention(under: UnderTest, most = Number.POSITIVE_INFINITY): void {
  type Given = ReturnType<typeof operandsOf>;
  /** @param spare rows of the cache that are not written yet: NaN */
  const attention = (
    given: Given,
    { t, start, heads, kvHeads, keyDim, stride, ...rest }: Case,
    spare = 0,
  ) => {
    const s = start + t + spare;
    const cache = (data: Float32Array, width: number) =>
      under.put([...data, ...new Array<number>(spare * width).fill(Number.NaN)], s, width);
    return under.device.attention(
      under.put(given.q, t, heads * keyDim),
      cache(given.k, kvHeads * keyDim),
      cache(given.v, kvHeads * stride),
      optionsOf({ t, start, heads, kvHeads, keyDim, stride, ...rest }),
    );
  };

  describe('attention', () => {
    test.each(cases.filter(({ t }) => t <= most))(
      '$t queries from $start on, $heads/$kvHeads heads of $keyDim and $stride, causal $causal, window $window',
      async (of) => {
        const given = operandsOf(of);
        const y = attention(given, of);
        expect(y.shape).toEqual([of.t, of.heads * (of.valueDim ?? of.stride)]);
        const result = await under.device.read(y);
        // An average of values below 1, whose weights are off by as much as their scores: sums of 576 products at most.
        expect(worstDifference(result, naiveAttention(given, of.t, optionsOf(of)))).toBeLessThan(1e-6);
        // Later rows of a cache are not read.
        expect(bits(await under.device.read(attention(given, of, 9)))).toEqual(bits(result));
      },
    );

    test('of scores far apart takes the highest, without overflow', async () => {
      // Scores of −10000, 0 and 10000: exact, so that nothing but the exponential could go wrong.
      const [s, keyDim] = [130, 4];
      const k = Float32Array.from({ length: s * keyDim }, (_, i) => 100 * ((Math.floor(i / keyDim) % 3) - 1));
      const given = { q: new Float32Array(keyDim).fill(25), k, v: values(3, s * 5) };
      const of = { ...plain, t: 1, start: s - 1, heads: 1, kvHeads: 1, keyDim, stride: 5 };
      const options = { ...optionsOf(of), scale: 1 };
      const y = under.device.attention(
        under.put(given.q, 1, keyDim),
        under.put(k, s, keyDim),
        under.put(given.v, s, 5),
        options,
      );
      expect(worstDifference(await under.device.read(y), naiveAttention(given, 1, options))).toBeLessThan(
        1e-6,
      );
    });

    test('cut by heads equals the whole, bit for bit', async () => {
      const of: Case = {
        ...plain,
        t: Math.min(9, most),
        start: 260,
        heads: 6,
        kvHeads: 3,
        keyDim: 20,
        stride: 24,
        valueDim: 17,
      };
      const { q, k, v } = operandsOf(of);
      // Ranks own 1, 0 and 2 of the key/value heads, and the query heads that read them.
      const cut = async (start: number, end: number) => {
        const kvHeads = end - start;
        const given = {
          q: cutColumns(q, 6 * 20, start * 40, end * 40),
          k: cutColumns(k, 3 * 20, start * 20, end * 20),
          v: cutColumns(v, 3 * 24, start * 24, end * 24),
        };
        return under.device.read(attention(given, { ...of, heads: 2 * kvHeads, kvHeads }));
      };
      const parts = [...(await cut(0, 1)), ...(await cut(1, 1)), ...(await cut(1, 3))];
      expect(bits(joinColumns(Float32Array.from(parts), of.t, [34, 0, 68]))).toEqual(bits(await cut(0, 3)));
    });

    // Queries from the middle of a tile of keys on have neighbours that see into the next tile.
    test.each(
      [
        { of: { ...plain, t: 70, heads: 4, kvHeads: 2 }, tokens: [0, 1, 63, 64, 69] },
        { of: { ...plain, t: 9, start: 61 }, tokens: [0, 1, 2, 3, 4, 8] },
        { of: { ...plain, t: 9, start: 61, heads: 3, kvHeads: 1 }, tokens: [1, 2, 3, 4] },
        { of: { ...plain, t: 70, start: 61, heads: 4, kvHeads: 2, window: 66 }, tokens: [0, 4, 5, 6, 7, 69] },
        { of: { ...plain, t: 9, start: 126, heads: 3, kvHeads: 1, window: 3 }, tokens: [0, 1, 2, 3, 4, 5] },
        { of: { ...plain, t: 9, start: 30, keyDim: 5, stride: 7, causal: false }, tokens: [8] },
        { of: { ...plain, t: 4, start: 254, heads: 3, kvHeads: 1, window: 129 }, tokens: [2, 3] },
        { of: { ...plain, t: 4, start: 382, heads: 4, kvHeads: 2 }, tokens: [0, 1, 2, 3] },
      ].filter(({ of }) => of.t <= most),
    )('token by token equals all at once, bit for bit: $of', async ({ of, tokens }) => {
      const { q, k, v } = operandsOf(of);
      const whole = await under.device.read(attention({ q, k, v }, of));
      const { heads, kvHeads, keyDim, stride } = of;
      for (const token of tokens) {
        const start = of.start + token;
        const given = {
          q: q.slice(token * heads * keyDim, (token + 1) * heads * keyDim),
          k: k.slice(0, (start + 1) * kvHeads * keyDim),
          v: v.slice(0, (start + 1) * kvHeads * stride),
        };
        const one = await under.device.read(attention(given, { ...of, t: 1, start }));
        expect(bits(one)).toEqual(bits(whole.slice(token * heads * stride, (token + 1) * heads * stride)));
      }
    });

    // The first 70 tokens are NaN and infinite, and the queries that see none of them lose nothing by it. A query whose
    // window begins one token earlier is NaN: what is seen counts.
    test('reads nothing before the window', async () => {
      const t = Math.min(7, most);
      const of: Case = { ...plain, t, start: 77 - t, heads: 4, kvHeads: 2, keyDim: 4, stride: 4, window: 6 };
      const given = operandsOf(of);
      const whole = await under.device.read(attention(given, of));
      for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
        const spoilt = (data: Float32Array) => data.slice().fill(bad, 0, 70 * 2 * 4);
        const y = await under.device.read(
          attention({ ...given, k: spoilt(given.k), v: spoilt(given.v) }, of),
        );
        const sees = t - 2; // queries that look back to token 69
        expect(bits(y.slice(sees * 16))).toEqual(bits(whole.slice(sees * 16)));
        expect([...y.slice(0, sees * 16)].every(Number.isFinite)).toBe(false);
        expect([...y.slice((sees - 1) * 16, sees * 16)].every(Number.isFinite)).toBe(false);
      }
    });

    test('has no limit to the columns of a head of v, bit for bit', async () => {
      const [wide, start] = [4100, 4088];
      const of: Case = { ...plain, t: 3, heads: 2, kvHeads: 1, keyDim: 4, stride: wide };
      const given = operandsOf(of);
      const y = await under.device.read(attention(given, of));
      expect(worstDifference(y, naiveAttention(given, 3, optionsOf(of)))).toBeLessThan(1e-6);
      const some = { ...given, v: cutColumns(given.v, wide, start, wide) };
      const part = await under.device.read(attention(some, { ...of, stride: wide - start }));
      expect(bits(cutColumns(y, wide, start, wide))).toEqual(bits(part));
    });

    test('of no tokens, no heads or no columns is empty', () => {
      const of: Case = { ...plain, t: 4, start: 2 };
      const empty = (changes: Partial<Case>) =>
        attention(operandsOf({ ...of, ...changes }), { ...of, ...changes }).shape;
      expect(empty({ t: 0 })).toEqual([0, 32]);
      expect(empty({ heads: 0, kvHeads: 0 })).toEqual([4, 0]);
      expect(empty({ stride: 0 })).toEqual([4, 0]);
    });

    test('refuses what does not fit', () => {
      const { device } = under;
      const [q, k, v] = [under.seeded(1, 3, 12), under.seeded(2, 5, 8), under.seeded(3, 5, 6)];
      const options: AttentionOptions = { heads: 3, kvHeads: 1, start: 0, scale: 1, causal: true };
      expect(() => device.attention(q, k, v, { ...options, heads: 5 })).toThrow(
        /the width of q, 12 does not divide by 5/,
      );
      expect(() => device.attention(q, k, v, { ...options, kvHeads: 2 })).toThrow(
        /heads 3 does not divide by 2/,
      );
      expect(() => device.attention(q, k, v, options)).toThrow(/k is 5×8; it needs to be 5×4/);
      const fitting = under.seeded(2, 5, 4);
      expect(() => device.attention(q, fitting, v, { ...options, start: 3 })).toThrow(
        /rows 3 … 6 are not among the 5/,
      );
      expect(() => device.attention(q, fitting, under.seeded(3, 4, 6), options)).toThrow(
        /both need as many rows/,
      );
      for (const window of [0, 1.5, Number.NaN]) {
        expect(() => device.attention(q, fitting, v, { ...options, window })).toThrow(
          /window is (0|1\.5|NaN); it needs to be a whole number from 1 up/,
        );
      }
      for (const valueDim of [-1, 0.5, Number.NaN]) {
        expect(() => device.attention(q, fitting, v, { ...options, valueDim })).toThrow(
          /valueDim is (-1|0\.5|NaN); it needs to be a whole number from 0 up/,
        );
      }
      expect(() => device.attention(q, fitting, v, { ...options, valueDim: 7 })).toThrow(
        /at least 7 columns a head/,
      );
    });
  });
}
