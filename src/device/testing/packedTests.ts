/** Weights of 16-bit floats: whoever reads them has the bits that he has of the same numbers in float32. */

import { describe, expect, test } from 'vitest';
import { type Floats, type Packed, widened } from '../../numerics/packed.ts';
import { hash32 } from '../../numerics/random.ts';
import type { Device, Tensor } from '../device.ts';
import { values } from './oracle.ts';
import type { UnderTest } from './underTest.ts';

const types = ['f16', 'bf16'] as const;
/** −0, the smallest and the largest denormal, infinities and a NaN, and where either type has its largest exponent. */
const specials = {
  f16: [0x8000, 0x0001, 0x83ff, 0x7c00, 0xfc00, 0x7e01, 0x0400, 0x7bff],
  bf16: [0x8000, 0x0001, 0x807f, 0x7f80, 0xff80, 0x7fc1, 0x0080, 0x7f7f],
} as const;
const ones = { f16: 0x3c00, bf16: 0x3f80 } as const;

/** [n, k] finite weights, denormals among them, and from the second row on one special value a row. */
function weights(dtype: 'f16' | 'bf16', n: number, k: number): Packed {
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
  weight: Packed,
  shape: readonly number[],
  run: (w: Tensor) => Tensor,
): Promise<void> {
  const resultOf = async (data: Floats): Promise<Float32Array> => {
    const w = device.tensor(data, shape);
    const y = run(w);
    const values = await device.read(y);
    device.free(w, y);
    return values;
  };
  expect(firstDifference(await resultOf(weight), await resultOf(widened(weight)))).toBeNull();
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

/** @param slow a kernel that takes seconds to compile, so that each type has half of the shapes */
export function testPackedLinear(under: UnderTest, slow: boolean): void {
  test.each(types)('linear by weights of %s has the bits of float32', async (dtype) => {
    const shapes = slow ? { f16: inQuads, bf16: odd }[dtype] : [...inQuads, ...odd];
    for (const { m, k, n } of shapes) {
      const [x, b] = [under.seeded(1, m, k), under.seeded(2, n)];
      await expectSame(under.device, weights(dtype, n, k), [n, k], (w) => under.device.linear(x, w, b));
      under.device.free(x, b);
    }
  });
}

export function testPacked(under: UnderTest): void {
  describe.each(types)('tensors of %s', (dtype) => {
    const all: Packed = { dtype, bits: Uint16Array.from({ length: 0xffff }, (_, bits) => bits) };

    test('come back as the float32 that they are, whatever their number', async () => {
      for (const length of [1, 2, 3, 0xffff]) {
        const some = { dtype, bits: all.bits.subarray(0, length) };
        const tensor = under.device.tensor(some, [length]);
        expect(tensor.dtype).toBe(under.device.info.keepsPacked === true ? dtype : 'f32');
        expect(firstDifference(await under.device.read(tensor), widened(some))).toBeNull();
      }
      expect(
        await under.device.read(under.device.tensor({ dtype, bits: new Uint16Array() }, [0, 3])),
      ).toEqual(new Float32Array());
      expect(() => under.device.tensor(all, [2, 3])).toThrow(/2×3 tensor has 6 elements, and 65535/);
    });

    test('are rows of a table, every one of their numbers', async () => {
      const indices = under.put([...Array.from({ length: 255 }, (_, i) => i).reverse(), -1, 255], 257);
      const { device } = under;
      await expectSame(device, all, [255, 257], (table) => device.rows(table, indices));
    });

    test('are weights of heads', async () => {
      const [heads, n, k] = [3, 5, 7];
      const x = under.seeded(1, 4, heads * k);
      const { device } = under;
      await expectSame(device, weights(dtype, heads * n, k), [heads, n, k], (w) =>
        device.linearPerHead(x, w),
      );
    });

    test('are no other operand', () => {
      const { device } = under;
      if (device.info.keepsPacked !== true) return;
      const packed = device.tensor({ dtype, bits: new Uint16Array(4) }, [2, 2]);
      const wide = device.tensor(values(1, 4), [2, 2]);
      const message = new RegExp(`is a 2×2 tensor of ${dtype}; it needs to be float32`);
      expect(() => device.add(wide, packed)).toThrow(message);
      expect(() => device.linear(packed, wide)).toThrow(message);
      expect(() => device.writeRows(packed, wide, 0)).toThrow(message);
    });
  });
}
