/**
 * On the CPU, an element of a product is one chain along K, or of few rows eight: in every kernel, however the product is
 * cut.
 */

import { expect, test } from 'vitest';
import { Recorder } from '../../base/trace.ts';
import { hashBits } from '../../numerics/oracle.ts';
import type { LinearShape } from '../../operations/operations.ts';
import type { Flavour } from '../../wasm/kernels.ts';
import { createCpuDevice } from '../cpu/device.ts';
import { linearVariants } from '../cpu/linear.ts';
import type { Device } from '../device.ts';
import { operands } from './oracle.ts';

type Operands = ReturnType<typeof operands>;

// Around four lanes, a block, a strip, a slab of K and a line of a cache.
const heights = [1, 2, 4, 5, 8, 9, 17, 33];
const depths = [0, 1, 3, 6, 9, 15, 16, 17, 64, 511, 513, 1030];
const widths = [1, 4, 7, 12, 13, 16, 17, 31, 50];

/** So many rows, and fewer, are summed in eight chains. */
const FEW_ROWS = 4;
const FEW_ROWS_CHAINS = 8;

export function testLinearBits(flavour: Flavour): void {
  testTrial(flavour);

  test.each(depths)('a sum of %i terms has the bits of its chains, in every kernel and cut', async (k) => {
    const whole = { m: Math.max(...heights), k, n: Math.max(...widths) };
    const given = operands(whole);
    const adds = [addTwice, ...(flavour === 'fused' ? [addOnce] : [])];
    for (const { id } of linearVariants) {
      const device = createCpuDevice({ recorder: new Recorder(0), flavour, linear: id });
      const y = await product(device, given, whole);
      // A processor that cannot fuse runs relaxed SIMD as plain SIMD.
      const add = adds.find((one) => hashBits(chainsOf(given, whole, 1, one)) === hashBits(y));
      expect(add, id).toBeDefined();
      const few = chainsOf(given, whole, FEW_ROWS_CHAINS, add ?? addTwice);
      for (const m of heights) {
        for (const n of widths) {
          const [top, left] = [whole.m - m, whole.n - n];
          const part = { x: given.x.slice(top * k), w: given.w.slice(left * k), b: given.b.slice(left) };
          const expected = (m <= FEW_ROWS ? few : y).filter(
            (_, i) => i >= top * whole.n && i % whole.n >= left,
          );
          const hash = hashBits(await product(device, part, { m, k, n }));
          expect(hash, `the last ${m} rows and ${n} columns by ${id}`).toBe(hashBits(expected));
        }
      }
      device.close();
    }
  });
}

/** Large enough to be cut into parts, which the blocks compute by turns. */
const tried = { m: 64, k: 512, n: 500 };

function testTrial(flavour: Flavour): void {
  test('a product has the same bits while blocks are tried, and after', async () => {
    const given = operands(tried);
    const recorder = new Recorder(0);
    const asked = createCpuDevice({ recorder, flavour, linear: 'block6x8' });
    const expected = hashBits(await product(asked, given, tried));
    asked.close();
    const device = createCpuDevice({ recorder, flavour });
    for (let i = 0; i < 30; i++) expect(hashBits(await product(device, given, tried))).toBe(expected);
    device.close();
  });
}

async function product(device: Device, given: Operands, { m, k, n }: LinearShape): Promise<Float32Array> {
  const tensors = [device.tensor(given.x, [m, k]), device.tensor(given.w, [n, k])] as const;
  const b = device.tensor(given.b, [n]);
  const y = device.linear(...tensors, b);
  const values = await device.read(y);
  device.free(...tensors, b, y);
  return values;
}

/** Each element by itself, in the plainest way: term i is of chain i mod `count`, which is 1 or 8. */
function chainsOf(
  { x, w, b }: Operands,
  { m, k, n }: LinearShape,
  count: number,
  add: (sum: number, product: number) => number,
): Float32Array {
  return Float32Array.from({ length: m * n }, (_, at) => {
    const [row, col] = [Math.floor(at / n), at % n];
    const chains = new Float32Array(count);
    for (let i = 0; i < k; i++)
      chains[i % count] = add(
        chains[i % count] as number,
        (x[row * k + i] as number) * (w[col * k + i] as number),
      );
    return joined(chains) + (b[col] as number);
  });
}

/** Of eight: two vectors of four join, and then lanes two apart. */
function joined(chains: Float32Array): number {
  if (chains.length === 1) return chains[0] as number;
  const lanes = [0, 1, 2, 3].map((lane) => add32(chains[lane] as number, chains[4 + lane] as number)) as [
    number,
    number,
    number,
    number,
  ];
  return add32(add32(lanes[0], lanes[2]), add32(lanes[1], lanes[3]));
}

function add32(a: number, b: number): number {
  return Math.fround(a + b);
}

/** sum + product, the product rounded too. Of two floats it is exact in float64, as is the rounding of such a sum. */
function addTwice(sum: number, product: number): number {
  return Math.fround(sum + Math.fround(product));
}

const bits = new DataView(new ArrayBuffer(8));

/**
 * sum + product rounded once, as a fused multiply-add does. A float64 sum that is not exact is first rounded to odd, so
 * that the second rounding, to float32, cannot mistake it for a tie: Boldo & Melquiond 2008, doi:10.1109/TC.2007.70819.
 */
function addOnce(sum: number, product: number): number {
  const near = sum + product;
  const of = near - sum;
  const error = sum - (near - of) + (product - of);
  if (error === 0) return Math.fround(near);
  bits.setFloat64(0, near);
  const word = bits.getBigInt64(0);
  if (word % 2n === 0n) bits.setBigInt64(0, word + (error > 0 === near > 0 ? 1n : -1n));
  return Math.fround(bits.getFloat64(0));
}
