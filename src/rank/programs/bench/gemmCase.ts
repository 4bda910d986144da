/** One product on one rank, by a kernel of its own choosing: x `[m, k]` by a stored weight `[n, k]`. */

import { LabError } from '../../../base/errors.ts';
import { WEIGHT_TYPES } from '../../../bench/axes.ts';
import type { BenchCase } from '../../../bench/record.ts';
import type { Device } from '../../../device/device.ts';
import { scope } from '../../../device/scope.ts';
import { bytesOf, type DType } from '../../../numerics/dtype.ts';
import { hash32 } from '../../../numerics/random.ts';
import { floatsOf, storedAs } from '../../../numerics/tensorData.ts';
import { linearFlops } from '../../../operations/costs.ts';
import { seededRows } from '../layer/numbers.ts';
import { checkProduct } from './checkProduct.ts';
import { type Measured, paceOf } from './measured.ts';

/** As many operations as a wait can have timestamps for. */
const MOST_RUNS = 1024;

export function measuredGemm(device: Device, { shape, dtype }: BenchCase, seed: number): Measured {
  const { m = 0, k = 0, n = 0 } = shape;
  const rowsOf = (stream: number, count: number): Float32Array =>
    seededRows(hash32(seed, stream), { start: 0, end: count }, k);
  const xValues = rowsOf(0, m);
  const wide = rowsOf(1, n);
  const stored = storedAs(weightTypeOf(dtype), wide, k);
  const wValues = floatsOf(stored);
  const x = device.tensor(xValues, [m, k]);
  const w = device.tensor(stored, [n, k]);
  return {
    flops: linearFlops(m, k, n),
    pace: paceOf(device.info.kind === 'webgpu', MOST_RUNS, bytesOf(m * n, 'f32')),
    async run() {
      device.free(device.linear(x, w));
    },
    async check() {
      const values = await scope(device, (own) => device.read(own(device.linear(x, w))));
      return checkProduct(values, { m, k, n, x: xValues, w: wValues, wide }, seed);
    },
    free: () => device.free(x, w),
  };
}

/** @throws LabError `input` where no weight is stored so */
function weightTypeOf(dtype: BenchCase['dtype']): DType {
  const known = WEIGHT_TYPES.find((type) => type === dtype);
  if (known !== undefined) return known;
  throw new LabError('input', `There are no weights of ${dtype}; there are ${WEIGHT_TYPES.join(', ')}.`);
}
