/** Norms over rows and groups, shorter and longer than a workgroup. */

import { describe, expect, test } from 'vitest';
import { naiveLayerNorm, naiveRmsNorm } from './naive.ts';
import { values } from './oracle.ts';
import { bits, rowSizes, rowsOf, type UnderTest, worstDifference } from './underTest.ts';

const epsilon = 1e-5;

export function testNorms(under: UnderTest): void {
  describe('norms', () => {
    // The scale is near 1, from sums whose relative error is far below 1e-6, and values are below 4 after it.
    const bound = 2e-6;

    test.each(rowSizes)('rmsNorm and layerNorm of %i×%i', async (m, d) => {
      const [x, w, b] = [values(1, m * d), values(2, d), values(3, d)];
      const [wTensor, bTensor] = [under.put(w, d), under.put(b, d)];
      const rms = under.device.rmsNorm(under.put(x, m, d), wTensor, epsilon);
      const layer = under.device.layerNorm(under.put(x, m, d), wTensor, bTensor, epsilon);
      expect(rms.shape).toEqual([m, d]);
      expect(layer.shape).toEqual([m, d]);
      const rows = rowsOf(x, d);
      expect(
        worstDifference(
          await under.device.read(rms),
          rows.flatMap((row) => naiveRmsNorm(row, w, epsilon)),
        ),
      ).toBeLessThan(bound);
      expect(
        worstDifference(
          await under.device.read(layer),
          rows.flatMap((row) => naiveLayerNorm(row, w, b, epsilon)),
        ),
      ).toBeLessThan(bound);
    });

    test('rmsNorm over groups is that of each group, bit for bit', async () => {
      const [m, groups, d] = [3, 4, 70];
      const x = values(1, m * groups * d);
      const w = under.seeded(2, d);
      const grouped = await under.device.read(under.device.rmsNorm(under.put(x, m, groups * d), w, epsilon));
      const single = await under.device.read(under.device.rmsNorm(under.put(x, m * groups, d), w, epsilon));
      expect(bits(grouped)).toEqual(bits(single));
      expect(under.device.rmsNorm(under.empty(3, 0), w, epsilon).shape).toEqual([3, 0]);
      expect(under.device.rmsNorm(under.empty(0, d), w, epsilon).shape).toEqual([0, d]);
      expect(() => under.device.rmsNorm(under.put(x, m, groups * d), under.seeded(2, 99), epsilon)).toThrow(
        /the width 280 does not divide by 99/,
      );
    });

    test('layerNorm keeps the digits of a row far from 0', async () => {
      // Values near 1000 are known to 6e-5 and vary by 1/√3: a variance from mean x² − mean² would have lost them.
      const x = values(1, 500).map((value) => value + 1000);
      const [w, b] = [new Float32Array(500).fill(1), new Float32Array(500)];
      const y = under.device.layerNorm(under.put(x, 1, 500), under.put(w, 500), under.put(b, 500), epsilon);
      expect(worstDifference(await under.device.read(y), naiveLayerNorm([...x], w, b, epsilon))).toBeLessThan(
        3e-4,
      );
      expect(() =>
        under.device.layerNorm(under.seeded(1, 2, 3), under.seeded(1, 3), under.seeded(1, 2), epsilon),
      ).toThrow(/b is 2; it needs to be 3/);
    });
  });
}
