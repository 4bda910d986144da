/** Special values through the operations of a device under test, whose kernels are compiled by then. */

import { expect, test } from 'vitest';
import type { OperationName } from '../device.ts';
import { differences, resultAgain, resultOf, type SpecialCase } from './special.ts';
import type { UnderTest } from './underTest.ts';

export function testSpecial(
  under: UnderTest,
  cases: readonly SpecialCase[],
  names: readonly OperationName[],
): void {
  test.each(names)('%s of special values', async (name) => {
    const found: string[] = [];
    for (const one of cases.filter(({ operation }) => operation === name)) {
      found.push(...differences(one, await resultOf(under.device, one), under.device.info.kind));
    }
    expect(found).toEqual([]);
  });

  test.each(names)('%s of special values, into a result that is there', async (name) => {
    const found: string[] = [];
    for (const one of cases.filter(({ operation }) => operation === name)) {
      const y = await resultAgain(under.device, one);
      if (y !== null) found.push(...differences(one, y, under.device.info.kind));
    }
    expect(found).toEqual([]);
  });
}
