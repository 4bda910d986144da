/** What is measured of the CPU device, with the check that goes before every figure. */

import type { Device, Tensor } from '../../src/device/device.ts';
import {
  naiveAttention,
  naiveGelu,
  naiveLayerNorm,
  naiveRmsNorm,
  naiveSoftmax,
} from '../../src/device/testing/naive.ts';
import { values } from '../../src/device/testing/oracle.ts';

export interface Case {
  readonly name: string;
  /** What a run is counted in. */
  readonly unit: 'FLOP' | 'B' | 'elements';
  readonly count: number;
  /** What it is held against. */
  readonly limit: 'peak' | 'copy' | null;
  prepare(device: Device): Prepared;
}

interface Prepared {
  run(): Tensor;
  /** The first values of the result, in float64. */
  readonly expected: readonly number[];
}

/** Of values of unit scale. */
export const TOLERANCE = 1e-5;

function product(m: number, k: number, n: number): Case {
  return {
    name: `linear ${m}×${k}×${n}`,
    ...(m === 1
      ? { unit: 'B', count: 4 * k * n, limit: 'copy' }
      : { unit: 'FLOP', count: 2 * m * k * n, limit: 'peak' }),
    prepare(device) {
      const [x, w] = [values(1, m * k), values(2, n * k).map((value) => value / Math.sqrt(k))];
      const [xTensor, wTensor] = [device.tensor(x, [m, k]), device.tensor(w, [n, k])];
      const expected = Array.from({ length: 8 }, (_, col) =>
        x.subarray(0, k).reduce((sum, value, i) => sum + value * (w[col * k + i] ?? Number.NaN), 0),
      );
      return { run: () => device.linear(xTensor, wTensor), expected };
    },
  };
}

const attention: Case = (() => {
  const [t, heads, kvHeads, width] = [128, 8, 2, 64];
  const options = { heads, kvHeads, start: 0, scale: 1 / 8, causal: true };
  return {
    name: `attention of ${t} tokens, ${heads}/${kvHeads} heads of ${width}`,
    unit: 'FLOP',
    count: 4 * ((t * (t + 1)) / 2) * heads * width,
    limit: 'peak',
    prepare(device) {
      const [q, k, v] = [
        values(1, t * heads * width),
        values(2, t * kvHeads * width),
        values(3, t * kvHeads * width),
      ];
      const tensors = [
        device.tensor(q, [t, heads * width]),
        device.tensor(k, [t, kvHeads * width]),
        device.tensor(v, [t, kvHeads * width]),
      ] as const;
      return {
        run: () => device.attention(...tensors, options),
        expected: naiveAttention({ q, k, v }, t, options),
      };
    },
  };
})();

/** An operation on every element of 64 × 2048. */
function rows(
  name: string,
  run: (device: Device, x: Tensor, w: Tensor) => Tensor,
  expected: (row: readonly number[], w: Float32Array) => number[],
): Case {
  const [m, n] = [64, 2048];
  return {
    name: `${name} of ${m}×${n}`,
    unit: 'elements',
    count: m * n,
    limit: null,
    prepare(device) {
      const [x, w] = [values(1, m * n).map((value) => 4 * value), values(2, n)];
      const [xTensor, wTensor] = [device.tensor(x, [m, n]), device.tensor(w, [n])];
      return {
        run: () => run(device, xTensor, wTensor),
        expected: expected([...x.subarray(0, n)], w),
      };
    },
  };
}

export const cases: readonly Case[] = [
  product(512, 512, 512),
  product(64, 2048, 8192),
  product(1, 2048, 2048),
  attention,
  rows(
    'rmsNorm',
    (device, x, w) => device.rmsNorm(x, w, 1e-5),
    (row, w) => naiveRmsNorm(row, w, 1e-5),
  ),
  rows(
    'layerNorm',
    (device, x, w) => device.layerNorm(x, w, w, 1e-5),
    (row, w) => naiveLayerNorm(row, w, w, 1e-5),
  ),
  rows('softmax', (device, x) => device.softmax(x), naiveSoftmax),
  rows(
    'siluMul',
    (device, x) => device.siluMul(x, x),
    (row) => row.map((x) => (x * x) / (1 + Math.exp(-x))),
  ),
  rows(
    'gelu (erf)',
    (device, x) => device.gelu(x, 'erf'),
    (row) => row.map(naiveGelu),
  ),
];

/** y = x·Wᵀ of 1024 a side, of which a rank of `worldSize` has its columns. */
export function columnSplit(worldSize: number): Case {
  return product(1024, 1024, 1024 / worldSize);
}
