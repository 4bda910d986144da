/** Stored floats as float32, which holds all of the 16-bit ones exactly. */

/** The dtypes that are read as floats. */
export type FloatDtype = 'F32' | 'F16' | 'BF16';

export function isFloat(dtype: string): dtype is FloatDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

/** The elements as they are stored. Little-endian on both sides: safetensors says so, and so is every machine with WebGPU. */
export function storedFloats(dtype: FloatDtype, bytes: ArrayBuffer): Float32Array | Uint16Array {
  return dtype === 'F32' ? new Float32Array(bytes) : new Uint16Array(bytes);
}

/** Writes stored elements into `into`, from `at` on. */
export function widen(
  dtype: FloatDtype,
  stored: Float32Array | Uint16Array,
  into: Float32Array,
  at: number,
): void {
  switch (dtype) {
    case 'F32':
      into.set(stored, at);
      return;
    case 'BF16': {
      // bfloat16 is the upper half of a float32. Through a view on the bits, for a NaN may have any.
      const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
      for (let i = 0; i < stored.length; i++) bits[at + i] = (stored[i] as number) << 16;
      return;
    }
    case 'F16': {
      float16s ??= Float32Array.from({ length: 0x10000 }, (_, half) => float16(half));
      for (let i = 0; i < stored.length; i++) into[at + i] = float16s[stored[i] as number] as number;
      return;
    }
    default:
      dtype satisfies never;
  }
}

/** By its bits: a model has more weights than there are float16 numbers. */
let float16s: Float32Array | null = null;

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24; // zero and subnormal
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
