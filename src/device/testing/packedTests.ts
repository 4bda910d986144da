/** Weights of fewer than 32 bits: whoever reads them has the bits that he has of the same numbers in float32. */

import { describe, expect, test } from 'vitest';
import { BLOCK, quantised } from '../../numerics/blocks.ts';
import type { BlockType, DType, PackedType } from '../../numerics/dtype.ts';
import type { Packed } from '../../numerics/packed.ts';
import { hash32, uniform } from '../../numerics/random.ts';
import { floatsOf, lengthOfData, type TensorData } from '../../numerics/tensorData.ts';
import type { Device, Tensor } from '../device.ts';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

const packedTypes = ['f16', 'bf16'] as const;
const blockTypes = ['q8', 'q4'] as const;
const types = [...packedTypes, ...blockTypes] as const;
type NarrowType = Exclude<DType, 'f32'>;

/** −0, the smallest and the largest denormal, infinities and a NaN, and where either type has its largest exponent. */
const specials = {
  f16: [0x8000, 0x0001, 0x83ff, 0x7c00, 0xfc00, 0x7e01, 0x0400, 0x7bff],
  bf16: [0x8000, 0x0001, 0x807f, 0x7f80, 0xff80, 0x7fc1, 0x0080, 0x7f7f],
} as const;
const ones = { f16: 0x3c00, bf16: 0x3f80 } as const;

/** [n, k] weights, the first row of which is finite. */
function weights(dtype: NarrowType, n: number, k: number): TensorData {
  return dtype === 'q8' || dtype === 'q4' ? blocks(dtype, n, k) : packed(dtype, n, k);
}

/** Of scales from the smallest on, of zeros, and from the second row on one block of NaN a row. */
function blocks(dtype: BlockType, n: number, k: number): TensorData {
  const values = Float32Array.from({ length: n * k }, (_, i) => {
    const block = Math.floor(i / BLOCK);
    if (block % 9 === 4) return 0;
    return uniform(7, i) * (block % 9 === 5 ? 2 ** -125 : 2 ** ((hash32(3, block) % 9) - 4));
  });
  for (let row = 1; row < n; row += 3) values[row * k + ((5 * row) % k)] = Number.NaN;
  return quantised(values, dtype, k);
}

/** Denormals among them, and from the second row on one special value a row. */
function packed(dtype: PackedType, n: number, k: number): Packed {
  const bits = Uint16Array.from({ length: n * k }, (_, i) => {
    const random = hash32(7, i);
    if (random % 5 === 0) return (random >>> 16) & (dtype === 'f16' ? 0x83ff : 0x807f);
    return ((random >>> 16) & 0x83ff) | (ones[dtype] - (random & 0x0400));
  });
  for (const [i, special] of specials[dtype].entries()) {
    if (i + 1 < n) bits[(i + 1) * k + ((5 * i) % k)] = special;
  }
  return { dtype, bits };
}

/** Where the first bits differ; null where none do. NaNs count as equal: a device may make another one of one. */
function firstDifference(actual: Float32Array, expected: Float32Array): string | null {
  const [bits, wanted] = [actual, expected].map((floats) => new Uint32Array(floats.slice().buffer)) as [
    Uint32Array,
    Uint32Array,
  ];
  if (bits.length !== wanted.length) return `${bits.length} elements for ${wanted.length}`;
  const at = bits.findIndex(
    (one, i) => one !== wanted[i] && !(Number.isNaN(actual[i]) && Number.isNaN(expected[i])),
  );
  return at < 0 ? null : `[${at}]: ${actual[at]} for ${expected[at]}`;
}

/** Of an operation with the weight as it is stored, and with the same numbers as float32. */
async function expectSame(
  device: Device,
  weight: TensorData,
  shape: readonly number[],
  run: (w: Tensor) => Tensor,
): Promise<void> {
  const resultOf = async (data: TensorData): Promise<Float32Array> => {
    const w = device.tensor(data, shape);
    const y = run(w);
    const values = await device.read(y);
    device.free(w, y);
    return values;
  };
  expect(firstDifference(await resultOf(weight), await resultOf(floatsOf(weight)))).toBeNull();
}

/** One row of x, a few, and more than a tile has. */
const inQuads = [
  { m: 1, k: 260, n: 12 },
  { m: 35, k: 64, n: 68 },
];
const odd = [
  { m: 4, k: 1029, n: 9 },
  { m: 35, k: 33, n: 67 },
  { m: 5, k: 1, n: 3 },
];
/** As many blocks in all as are even, and as are odd. */
const inBlocks = [
  { m: 1, k: 288, n: 12 },
  { m: 4, k: 1056, n: 9 },
  { m: 35, k: 64, n: 67 },
  { m: 5, k: 32, n: 3 },
];

function shapesFor(dtype: NarrowType, slow: boolean) {
  if (dtype === 'q8' || dtype === 'q4') return inBlocks;
  return slow ? { f16: inQuads, bf16: odd }[dtype] : [...inQuads, ...odd];
}

/** @param slow a kernel that takes seconds to compile, so that each type has half of the shapes */
export function testPackedLinear(under: UnderTest, slow: boolean): void {
  test.each(types)('linear by weights of %s has the bits of float32', async (dtype) => {
    for (const { m, k, n } of shapesFor(dtype, slow)) {
      const [x, b] = [under.seeded(1, m, k), under.seeded(2, n)];
      await expectSame(under.device, weights(dtype, n, k), [n, k], (w) => under.device.linear(x, w, b));
      under.device.free(x, b);
    }
  });
}

export function testPacked(under: UnderTest): void {
  test.each(packedTypes)('rows of a table are every number of %s', async (dtype) => {
    const all = { dtype, bits: Uint16Array.from({ length: 0xffff }, (_, bits) => bits) };
    const indices = under.put([...Array.from({ length: 255 }, (_, i) => i).reverse(), -1, 255], 257);
    const { device } = under;
    await expectSame(device, all, [255, 257], (table) => device.rows(table, indices));
  });

  describe.each(types)('tensors of %s', (dtype) => {
    const step = dtype === 'q8' || dtype === 'q4' ? BLOCK : 1;

    test('come back as the float32 that they are, whatever their number', async () => {
      for (const length of [1, 2, 3, 2047]) {
        const some = weights(dtype, length, step);
        const tensor = under.device.tensor(some, [length, step]);
        expect(tensor.dtype).toBe(under.device.info.keepsPacked === true ? dtype : 'f32');
        expect(firstDifference(await under.device.read(tensor), floatsOf(some))).toBeNull();
      }
      expect(await under.device.read(under.device.tensor(weights(dtype, 0, step), [0, step]))).toEqual(
        new Float32Array(),
      );
      const few = weights(dtype, 5, step);
      expect(() => under.device.tensor(few, [2, 3])).toThrow(
        `2×3 tensor has 6 elements, and ${lengthOfData(few)}`,
      );
    });

    test('are rows of a table', async () => {
      const { device } = under;
      const indices = under.put([9, -1, 0, 4, 10, 3], 6);
      await expectSame(device, weights(dtype, 10, 3 * step), [10, 3 * step], (table) =>
        device.rows(table, indices),
      );
    });

    test('are weights of heads', async () => {
      const [heads, n, k] = [3, 5, 7 * step];
      const x = under.seeded(1, 4, heads * k);
      const { device } = under;
      await expectSame(device, weights(dtype, heads * n, k), [heads, n, k], (w) =>
        device.linearPerHead(x, w),
      );
    });

    test('are no other operand', () => {
      const { device } = under;
      if (device.info.keepsPacked !== true) return;
      const narrow = device.tensor(weights(dtype, 2, step), [2, step]);
      const wide = device.tensor(values(1, 2 * step), [2, step]);
      const message = `is a 2×${step} tensor of ${dtype}; it needs to be float32`;
      expect(() => device.add(wide, narrow)).toThrow(message);
      expect(() => device.linear(narrow, wide)).toThrow(message);
      expect(() => device.writeRows(narrow, wide, 0)).toThrow(message);
    });
  });
}
