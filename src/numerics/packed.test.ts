import { expect, it } from 'vitest';
import { narrowed, widen, zerosLike } from './packed.ts';
import { floatsOf } from './tensorData.ts';

const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

it('widens every float16 to the number that IEEE 754 says', () => {
  const wide = floatsOf({ dtype: 'f16', bits: all });
  const wrong = [...all].filter((bits) => {
    const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
    const sign = bits < 0x8000 ? 1 : -1;
    const finite = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    const special = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return !Object.is(wide[bits], exponent === 0x1f ? special : sign * finite);
  });
  expect(wrong).toEqual([]);
});

it('widens every bfloat16 to the float32 of which it is the upper half, NaN with its bits', () => {
  const wide = new Uint32Array(floatsOf({ dtype: 'bf16', bits: all }).buffer);
  expect(wide.every((bits, i) => bits === i * 0x10000)).toBe(true);
});

it('keeps the bits of a NaN, and what lies beside', () => {
  const into = new Float32Array(4).fill(7);
  widen({ dtype: 'f16', bits: Uint16Array.of(0x7c01, 0xfe00) }, into, 1);
  const bits = [...new Uint32Array(into.buffer)];
  expect(bits).toEqual([0x40e00000, 0x7f802000, 0xffc00000, 0x40e00000]);
});

it.each(['f16', 'bf16'] as const)('narrows to the nearest %s, and half-way to the even one', (dtype) => {
  const infinity = dtype === 'f16' ? 0x7c00 : 0x7f80;
  const finite = all.subarray(0, infinity);
  const values = floatsOf({ dtype, bits: finite });
  expect(narrowed(values, dtype).bits).toEqual(finite);
  expect(
    narrowed(
      values.map((value) => -value),
      dtype,
    ).bits,
  ).toEqual(finite.map((bits) => bits | 0x8000));
  // The half above the largest is where the next would be, and infinity has the bits of the next.
  const top = dtype === 'f16' ? 2 ** 16 : 2 ** 128;
  const next = (i: number): number => values[i + 1] ?? top;
  const halfWay = values.map((value, i) => value / 2 + next(i) / 2);
  expect(narrowed(halfWay, dtype).bits).toEqual(finite.map((bits) => bits + (bits & 1)));
  const nearer = (share: number) => values.map((value, i) => (1 - share) * value + share * next(i));
  const normal = values.findIndex((value) => value >= 2 ** -126); // of what float32 has fractions
  expect(narrowed(nearer(0.499), dtype).bits.subarray(normal)).toEqual(finite.subarray(normal));
  expect(narrowed(nearer(0.501), dtype).bits.subarray(normal)).toEqual(
    finite.map((one) => one + 1).subarray(normal),
  );
  const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  expect([...floatsOf(narrowed(Float32Array.from(special), dtype))]).toEqual(special);
});

it('copies nothing that is wide, and makes zeros of either kind', () => {
  const floats = Float32Array.of(1);
  expect(floatsOf(floats)).toBe(floats);
  expect(zerosLike(floats, 2)).toEqual(new Float32Array(2));
  expect(zerosLike(Uint16Array.of(3), 2)).toEqual(new Uint16Array(2));
});
