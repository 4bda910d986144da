/** Operations that are made ready to run once more into the tensor that they made. */

import { describe, expect, test } from 'vitest';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

export function testPrepare(under: UnderTest): void {
  describe('prepare', () => {
    const [m, k, n] = [2, 67, 31];

    test('takes operands as they are by then, and others', async () => {
      const { device } = under;
      const [w, bias] = [under.seeded(1, n, k), under.seeded(2, n)];
      const x = under.seeded(3, m, k);
      const y = device.linear(x, w, bias);
      const run = device.prepare(y, 'linear', [x, w, bias]);
      for (const seed of [4, 5]) {
        device.unstage(x, values(seed, m * k));
        run();
        expect(await device.read(y)).toEqual(await device.read(device.linear(x, w, bias)));
      }
      const other = under.seeded(6, m, k);
      device.prepare(y, 'linear', [other, w])();
      expect(await device.read(y)).toEqual(await device.read(device.linear(other, w)));
    });

    describe('takes another start, and refuses one that has no rows', () => {
      const [t, heads, d, rows] = [3, 2, 8, 12];
      const width = heads * d;
      const starts = [4, 0, rows - t];
      const outside = [-1, rows - t + 1, 1.5, Number.NaN];

      test('rope', async () => {
        const { device } = under;
        const [x, table] = [under.seeded(1, t, width), under.seeded(2, rows, d)];
        const at = (start: number) => ({ headDim: d, layout: 'half', start }) as const;
        const turned = device.rope(x, table, at(1));
        const run = device.prepare(turned, 'rope', [x, table, at(1)]);
        for (const start of starts) {
          run(start);
          expect(await device.read(turned)).toEqual(await device.read(device.rope(x, table, at(start))));
        }
        for (const start of outside) expect(() => run(start)).toThrow(/rope: rows/);
      });

      test('attention', async () => {
        const { device } = under;
        const [q, k, v] = [
          under.seeded(1, t, width),
          under.seeded(2, rows, width),
          under.seeded(3, rows, width),
        ];
        const at = (start: number) => ({ heads, kvHeads: heads, causal: true, scale: 0.3, start });
        const out = device.attention(q, k, v, at(1));
        const run = device.prepare(out, 'attention', [q, k, v, at(1)]);
        for (const start of starts) {
          run(start);
          expect(await device.read(out)).toEqual(await device.read(device.attention(q, k, v, at(start))));
        }
        for (const start of outside) expect(() => run(start)).toThrow(/attention: rows/);
      });

      test('writeRows, which changes its target', async () => {
        const { device } = under;
        const x = under.seeded(1, t, width);
        const [target, expected] = [device.zeros([rows, width]), device.zeros([rows, width])];
        const run = device.prepare(target, 'writeRows', [target, x, 1]);
        expect(await device.read(target)).toEqual(await device.read(expected)); // nothing yet
        for (const start of starts) {
          run(start);
          device.writeRows(expected, x, start);
          expect(await device.read(target)).toEqual(await device.read(expected));
        }
        for (const start of outside) expect(() => run(start)).toThrow(/writeRows: rows/);
      });
    });

    test('is no work without elements', async () => {
      const empty = under.device.linear(under.empty(0, k), under.seeded(1, n, k));
      under.device.prepare(empty, 'linear', [under.empty(0, k), under.seeded(1, n, k)])();
      expect(await under.device.read(empty)).toEqual(new Float32Array());
    });

    test('refuses another shape, and what was freed', () => {
      const { device } = under;
      const [x, w] = [under.seeded(1, m, k), under.seeded(2, n, k)];
      const y = device.linear(x, w);
      expect(() => device.prepare(y, 'linear', [under.seeded(3, m + 1, k), w])).toThrow(/elements/);
      const other = under.seeded(1, m, k);
      const [run, runOther] = [x, other].map((operand) => device.prepare(y, 'linear', [operand, w]));
      device.free(x);
      expect(run).toThrow(/was freed/);
      expect(() => device.prepare(y, 'linear', [x, w])).toThrow(/was freed/);
      device.free(y);
      expect(runOther).toThrow(/was freed/);
      expect(() => device.prepare(y, 'linear', [other, w])).toThrow(/was freed/);
    });
  });
}
