/** Operations that are run once more into the tensor that they made. */

import { describe, expect, test } from 'vitest';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

export function testAgain(under: UnderTest): void {
  describe('again', () => {
    const [m, k, n] = [2, 67, 31];

    test('takes operands as they are by then, and others', async () => {
      const { device } = under;
      const [w, bias] = [under.seeded(1, n, k), under.seeded(2, n)];
      const x = under.seeded(3, m, k);
      const y = device.linear(x, w, bias);
      for (const seed of [4, 5]) {
        device.unstage(x, values(seed, m * k));
        device.again(y, 'linear', [x, w, bias]);
        expect(await device.read(y)).toEqual(await device.read(device.linear(x, w, bias)));
      }
      const other = under.seeded(6, m, k);
      device.again(y, 'linear', [other, w]);
      expect(await device.read(y)).toEqual(await device.read(device.linear(other, w)));
      device.again(y, 'linear', [other, w, bias]);
      device.again(y, 'linear', [other, w]); // one less, and the others the same
      expect(await device.read(y)).toEqual(await device.read(device.linear(other, w)));
    });

    test('takes another position', async () => {
      const { device } = under;
      const [heads, d] = [2, 8];
      const table = under.seeded(1, 12, d);
      const x = under.seeded(2, 3, heads * d);
      const options = { headDim: d, layout: 'half' } as const;
      const turned = device.rope(x, table, { ...options, start: 0 });
      for (const start of [4, 9]) {
        device.again(turned, 'rope', [x, table, { ...options, start }]);
        const expected = device.rope(x, table, { ...options, start });
        expect(await device.read(turned)).toEqual(await device.read(expected));
      }
    });

    test('is no work without elements', async () => {
      const empty = under.device.linear(under.empty(0, k), under.seeded(1, n, k));
      under.device.again(empty, 'linear', [under.empty(0, k), under.seeded(1, n, k)]);
      expect(await under.device.read(empty)).toEqual(new Float32Array());
    });

    test('refuses another shape, and what was freed', () => {
      const { device } = under;
      const [x, w] = [under.seeded(1, m, k), under.seeded(2, n, k)];
      const y = device.linear(x, w);
      expect(() => device.again(y, 'linear', [under.seeded(3, m + 1, k), w])).toThrow(/elements/);
      device.again(y, 'linear', [x, w]);
      device.again(y, 'linear', [x, w]);
      device.free(x);
      expect(() => device.again(y, 'linear', [x, w])).toThrow(/was freed/);
      device.free(y);
      expect(() => device.again(y, 'linear', [under.seeded(1, m, k), w])).toThrow(/was freed/);
    });
  });
}
