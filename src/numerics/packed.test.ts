import { expect, it } from 'vitest';
import { widen, widened, zerosLike } from './packed.ts';

const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

it('widens every float16 to the number that IEEE 754 says', () => {
  const wide = widened({ dtype: 'f16', bits: all });
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
  const wide = new Uint32Array(widened({ dtype: 'bf16', bits: all }).buffer);
  expect(wide.every((bits, i) => bits === i * 0x10000)).toBe(true);
});

it('keeps the bits of a NaN, and what lies beside', () => {
  const into = new Float32Array(4).fill(7);
  widen({ dtype: 'f16', bits: Uint16Array.of(0x7c01, 0xfe00) }, into, 1);
  const bits = [...new Uint32Array(into.buffer)];
  expect(bits).toEqual([0x40e00000, 0x7f802000, 0xffc00000, 0x40e00000]);
});

it('copies nothing that is wide, and makes zeros of either kind', () => {
  const floats = Float32Array.of(1);
  expect(widened(floats)).toBe(floats);
  expect(zerosLike(floats, 2)).toEqual(new Float32Array(2));
  expect(zerosLike(Uint16Array.of(3), 2)).toEqual(new Uint16Array(2));
});
