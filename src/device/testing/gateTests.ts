/** The gate of a mixture of experts, against the reference step by step. */

import { describe, expect, test } from 'vitest';
import type { GateOptions } from '../device.ts';
import { naiveGate } from './naive.ts';
import { values } from './oracle.ts';
import { type UnderTest, worstDifference } from './underTest.ts';

const mixtral: GateOptions = {
  topK: 2,
  score: 'softmax',
  groups: 1,
  topGroups: 1,
  normalize: true,
  routeScale: 1,
};
const deepSeek: GateOptions = {
  topK: 8,
  score: 'sigmoid',
  groups: 8,
  topGroups: 4,
  normalize: true,
  routeScale: 2.5,
};

export function testGate(under: UnderTest): void {
  describe('gate', () => {
    test.each([
      { name: 'Mixtral', t: 70, e: 8, options: mixtral, biased: false },
      { name: 'DeepSeek-V3', t: 5, e: 256, options: deepSeek, biased: true },
      { name: 'a small DeepSeek-V3', t: 130, e: 32, options: { ...deepSeek, topK: 3 }, biased: true },
      {
        name: 'groups without a bias',
        t: 9,
        e: 24,
        options: { ...deepSeek, groups: 6, topGroups: 2 },
        biased: false,
      },
      {
        name: 'DeepSeek-V2',
        t: 9,
        e: 60,
        options: { ...mixtral, topK: 6, normalize: false, routeScale: 16 },
        biased: false,
      },
      {
        name: 'groups of one',
        t: 9,
        e: 7,
        options: { ...deepSeek, topK: 2, groups: 7, topGroups: 3 },
        biased: true,
      },
      { name: 'everybody', t: 3, e: 5, options: { ...mixtral, topK: 5 }, biased: true },
    ])('as $name', async ({ t, e, options, biased }) => {
      const logits = values(1, t * e).map((value) => 5 * value);
      const bias = biased ? values(2, e) : undefined;
      const y = under.device.gate(under.put(logits, t, e), options, bias && under.put(bias, e));
      expect(y.shape).toEqual([t, e]);
      const result = await under.device.read(y);
      const expected = Array.from({ length: t }, (_, token) =>
        naiveGate([...logits.slice(token * e, (token + 1) * e)], options, bias),
      ).flat();
      expect([...result].map((weight) => weight > 0)).toEqual(expected.map((weight) => weight > 0));
      // Weights of at most 1 with a few roundings, times the scale.
      expect(worstDifference(result, expected)).toBeLessThan(1e-6 * options.routeScale);
    });

    test('gives equal scores to the lower index, of experts and of groups', async () => {
      const { device } = under;
      const chosen = async (row: number[], options: GateOptions, bias?: number[]) => {
        const y = device.gate(under.put(row, 1, row.length), options, bias && under.put(bias, row.length));
        return [...(await device.read(y))].flatMap((weight, index) => (weight > 0 ? [index] : []));
      };
      expect(await chosen([1, 3, 3, 3, 1, 3], mixtral)).toEqual([1, 2]);
      expect(await chosen([2, 2, 2, 2], { ...mixtral, topK: 3 })).toEqual([0, 1, 2]);
      const grouped: GateOptions = { ...deepSeek, topK: 2, groups: 3, topGroups: 1 };
      expect(await chosen([1, 2, 2, 1, 2, 1], grouped)).toEqual([0, 1]);
      expect(await chosen([1, 2, 2, 1, 2, 1], grouped, [0, 0, 0, 0.5, 0, 0.5])).toEqual([2, 3]);
    });

    test('chooses by the bias and weighs without it', async () => {
      const y = under.device.gate(
        under.put([0, 0, 1, -1], 1, 4),
        { ...mixtral, score: 'sigmoid', normalize: false, routeScale: 2 },
        under.put([0, 0, -10, 10], 4),
      );
      const sigmoid = 1 / (1 + Math.E); // of −1
      expect(worstDifference(await under.device.read(y), [1, 0, 0, 2 * sigmoid])).toBeLessThan(1e-6);
    });

    test('of logits far apart has no NaN', async () => {
      const logits = [1000, -1000, 500, -3.4e38, 3.4e38, 0, 20, -90];
      for (const options of [mixtral, { ...mixtral, score: 'sigmoid' as const }]) {
        const y = await under.device.read(under.device.gate(under.put(logits, 1, 8), options));
        expect(worstDifference(y, naiveGate(logits, options))).toBeLessThan(1e-6);
      }
    });

    test('of no tokens is empty, and refuses what cannot be chosen', () => {
      const { device } = under;
      const logits = under.seeded(1, 2, 8);
      expect(device.gate(under.empty(0, 8), mixtral).shape).toEqual([0, 8]);
      expect(() => device.gate(logits, { ...mixtral, topK: 9 })).toThrow(
        /9 experts of the best 1 of 1 groups of 8 cannot be chosen/,
      );
      for (const topK of [0, 1.5, Number.NaN]) {
        expect(() => device.gate(logits, { ...mixtral, topK })).toThrow(/cannot be chosen/);
      }
      expect(() => device.gate(logits, { ...deepSeek, groups: 3 })).toThrow(/experts 8 does not divide by 3/);
      expect(() => device.gate(logits, mixtral, under.seeded(1, 7))).toThrow(/bias is 7; it needs to be 8/);
    });
  });
}
