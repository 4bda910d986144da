/** One product on one rank, by a kernel of its own choosing: x `[m, k]` by a stored weight `[n, k]`. */

import type { Device } from '../../../device/device.ts';
import type { BenchCase } from '../../../math/bench/record.ts';
import { linearFlops } from '../../../math/costs.ts';
import { check, exactLinear, exactly } from '../../../math/oracle.ts';
import { hash32 } from '../../../math/random.ts';
import { lengthOf, type Range } from '../../../math/ranges.ts';
import { seededRows } from '../layer/numbers.ts';
import type { Measured } from './measured.ts';

/** Columns of the product that are compared with float64 sums: all of a small one, the ends of a large. */
const CHECKED = 64;

export function measuredGemm(device: Device, { shape }: BenchCase, seed: number): Measured {
  const { m = 0, k = 0, n = 0 } = shape;
  const rowsOf = (stream: number, count: number): Float32Array =>
    seededRows(hash32(seed, stream), { start: 0, end: count }, k);
  const [xValues, wValues] = [rowsOf(0, m), rowsOf(1, n)];
  const x = device.tensor(xValues, [m, k]);
  const w = device.tensor(wValues, [n, k]);
  return {
    flops: linearFlops(m, k, n),
    async run() {
      device.free(device.linear(x, w));
    },
    async check() {
      const y = device.linear(x, w);
      const values = await device.read(y);
      device.free(y);
      const ends: Range[] =
        n <= 2 * CHECKED
          ? [{ start: 0, end: n }]
          : [
              { start: 0, end: CHECKED },
              { start: n - CHECKED, end: n },
            ];
      let wrong = 0;
      let maxAbsError = 0;
      for (const outs of ends) {
        const row = (out: number, into: Float64Array): void =>
          into.set(wValues.subarray(out * k, (out + 1) * k));
        const exact = exactLinear(exactly(m, k, xValues), outs, row, null);
        const width = lengthOf(outs);
        const own = Float32Array.from(
          { length: m * width },
          (_, i) => values[Math.floor(i / width) * n + outs.start + (i % width)] ?? Number.NaN,
        );
        const found = check(own, exact, k);
        if (!found.pass) wrong++;
        maxAbsError = Math.max(maxAbsError, found.maxAbsError);
      }
      return { wrong, maxAbsError };
    },
    free: () => device.free(x, w),
  };
}
