/** Operations that compute each element by itself. */

import { describe, expect, test } from 'vitest';
import { naiveGelu } from './naive.ts';
import { values } from './oracle.ts';
import { type UnderTest, worstDifference } from './underTest.ts';

/** Large, tiny and ordinary values, up to the ends of float32, whose squares and exponentials overflow. */
const extremes = [0, 1e-30, 0.5, 4, 9, 20, 89, 104, 1000, 1e10, 1e30, 3.4e38].flatMap((x) => [x, -x]);
const largest = 3.4028234663852886e38;

/** What the last bit of a float32 near `value` is worth. */
function lastPlaceOf(value: number): number {
  return 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);
}

export function testElements(under: UnderTest): void {
  describe('add', () => {
    test.each([7, 8])('adds elements, or a row of %i to each row', async (n) => {
      const { device } = under;
      const [left, right] = [values(1, 5 * n), values(2, 5 * n)];
      const a = under.put(left, 5, n);
      const sum = device.add(a, under.put(right, 5, n));
      const rows = device.add(a, under.put(right.slice(0, n), n));
      expect(await device.read(sum)).toEqual(left.map((value, i) => value + (right[i] ?? 0)));
      expect(await device.read(rows)).toEqual(left.map((value, i) => value + (right[i % n] ?? 0)));
      expect(() => device.add(a, under.put(right.slice(0, 5), 5))).toThrow(/b needs the shape of a/);
      expect(device.add(under.empty(4, 0), under.empty(0)).shape).toEqual([4, 0]);
    });

    test('reaches every element of a long tensor', async () => {
      const { device } = under;
      const length = 65_535 * 64 + 1000; // more than the grid of an element-wise kernel has invocations
      const x = device.tensor(new Float32Array(length).fill(1), [length]);
      const sum = device.add(x, x);
      expect((await device.read(sum)).every((value) => value === 2)).toBe(true);
      device.free(x, sum);
    });
  });

  describe('siluMul', () => {
    const silu = (g: number) => (g < -700 ? 0 : g / (1 + Math.exp(-g))); // e^700 is near the end of float64

    test.each([1, 63, 65, 1000])('of %i elements', async (length) => {
      const [gate, up] = [values(1, length).map((x) => 8 * x), values(2, length)];
      const y = under.device.siluMul(under.put(gate, 1, length), under.put(up, 1, length));
      expect(y.shape).toEqual([1, length]);
      const expected = [...gate].map((g, i) => silu(g) * (up[i] ?? 0));
      // Below 8, with a few roundings and an exponential of WGSL, exact to 3 + 2·8 units in the last place.
      expect(worstDifference(await under.device.read(y), expected)).toBeLessThan(4e-6);
    });

    test('of extremes has no infinity and no NaN', async () => {
      const gate = under.put(extremes, extremes.length);
      const ones = under.put(new Array(extremes.length).fill(1), extremes.length);
      const y = await under.device.read(under.device.siluMul(gate, ones));
      for (const [i, g] of extremes.entries()) {
        expect(Math.abs((y[i] ?? Number.NaN) - Math.fround(silu(g)))).toBeLessThanOrEqual(
          4e-6 * Math.min(largest, Math.max(1, Math.abs(g))),
        );
      }
    });

    test('of nothing is nothing, and shapes have to be equal', () => {
      expect(under.device.siluMul(under.empty(0, 4), under.empty(0, 4)).shape).toEqual([0, 4]);
      expect(() => under.device.siluMul(under.seeded(1, 2, 3), under.seeded(1, 3, 2))).toThrow(
        /up is 3×2; it needs to be 2×3/,
      );
    });
  });

  describe('gelu', () => {
    const byTanh = (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    const x = values(1, 1001).map((value) => 7 * value);

    test('in the form of erf is exact to 4 units in the last place, far down its tail too', async () => {
      const tiny = Array.from({ length: 2000 }, (_, i) => 10 ** (-i / 60));
      const steps = Array.from({ length: 100_000 }, (_, i) => 15 * (i / 50_000 - 1)); // at −13.2 it leaves the normal floats
      const x = Float32Array.from([...steps, ...tiny, ...tiny.map((value) => -value)]);
      const y = await under.device.read(under.device.gelu(under.put(x, x.length), 'erf'));
      let worst = { units: 0, x: 0 };
      for (const [i, value] of x.entries()) {
        const exact = naiveGelu(value);
        if (under.device.info.kind === 'webgpu' && y[i] === 0 && Math.abs(exact) < 2 ** -126) continue; // WGSL may flush
        const units = Math.abs((y[i] ?? Number.NaN) - exact) / lastPlaceOf(exact);
        if (!(units <= worst.units)) worst = { units, x: value };
      }
      expect(worst.units, `at ${worst.x}`).toBeLessThanOrEqual(4);
    });

    test('in the form of tanh', async () => {
      const y = under.device.gelu(under.put(x, 7, 143), 'tanh');
      expect(y.shape).toEqual([7, 143]);
      expect(worstDifference(await under.device.read(y), [...x].map(byTanh))).toBeLessThan(1.5e-6);
      for (const form of ['erf', 'tanh'] as const) {
        expect(under.device.gelu(under.empty(2, 0), form).shape).toEqual([2, 0]);
      }
    });

    test.each(['erf', 'tanh'] as const)('of extremes in the form of %s is 0 or x', async (form) => {
      const far = extremes.filter((value) => Math.abs(value) >= 9 || value === 0);
      const y = await under.device.read(under.device.gelu(under.put(far, far.length), form));
      for (const [i, value] of far.entries()) {
        expect(Math.abs((y[i] ?? Number.NaN) - Math.fround(Math.max(0, value)))).toBeLessThan(1e-15);
      }
    });
  });
}
