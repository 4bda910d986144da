/** 16-bit floats, the float32 that they are exactly, and the nearest of them to a float32. */

import type { PackedType } from './dtype.ts';

/** As a checkpoint stores them. */
export interface Packed {
  readonly dtype: PackedType;
  readonly bits: Uint16Array;
}

/** Elements of a tensor, as they are stored. */
export type Floats = Float32Array | Packed;

export function isPacked(floats: Floats): floats is Packed {
  return !(floats instanceof Float32Array);
}

/** Writes the numbers into `into`, from `at` on. By their bits, for a NaN may have any, and keeps them. */
export function widen({ dtype, bits }: Packed, into: Float32Array, at: number): void {
  const wide = new Uint32Array(into.buffer, into.byteOffset + 4 * at, bits.length);
  switch (dtype) {
    case 'bf16':
      for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] as number) << 16;
      return;
    case 'f16':
      float16s ??= Uint32Array.from({ length: 0x10000 }, (_, half) => wideOf(half));
      for (let i = 0; i < bits.length; i++) wide[i] = float16s[bits[i] as number] as number;
      return;
    default:
      dtype satisfies never;
  }
}

/** By the bits of each: a model has more weights than there are float16 numbers. */
let float16s: Uint32Array | null = null;

const scratch = new DataView(new ArrayBuffer(4));

/** The bits of a float16 as a float32: a sign, five bits of exponent that become eight, ten of fraction. */
function wideOf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) {
    scratch.setFloat32(0, fraction * 2 ** -24); // zero and denormals, which are normal in float32
    return sign | scratch.getUint32(0);
  }
  return sign | ((exponent + (exponent === 0x1f ? 224 : 112)) << 23) | (fraction << 13);
}

/** The nearest of such numbers, of two as near the one that is even. */
export function narrowed(values: Float32Array, dtype: PackedType): Packed {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return { dtype, bits: Uint16Array.from(wide, dtype === 'bf16' ? bfloat16Of : float16Of) };
}

const SIGNLESS = 0x7fffffff;
const INFINITY = 0x7f800000;

function bfloat16Of(wide: number): number {
  if ((wide & SIGNLESS) > INFINITY) return (wide >>> 16) | 0x40; // a NaN stays one
  return (wide + 0x7fff + ((wide >>> 16) & 1)) >>> 16;
}

function float16Of(wide: number): number {
  const sign = (wide >>> 16) & 0x8000;
  const magnitude = wide & SIGNLESS;
  if (magnitude > INFINITY) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65,520 on
  if (magnitude >= 0x38800000)
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  scratch.setUint32(0, magnitude);
  scratch.setFloat32(0, scratch.getFloat32(0) + 0.5); // whose last bit is a denormal's, 2⁻²⁴
  return sign | (scratch.getUint32(0) - 0x3f000000);
}

/** Zeros of the same kind of elements, `length` of them. */
export function zerosLike<T extends Float32Array | Uint16Array>(data: T, length: number): T {
  return new (data.constructor as new (length: number) => T)(length);
}
