/** The floats of a checkpoint: which of its dtypes are some, and what they are here. */

import type { DType } from '../numerics/dtype.ts';
import type { Floats } from '../numerics/packed.ts';

const FLOATS = { F32: 'f32', F16: 'f16', BF16: 'bf16' } as const satisfies Record<string, DType>;

/** The dtypes that are read as floats. */
export type FloatDtype = keyof typeof FLOATS;

export function isFloat(dtype: string): dtype is FloatDtype {
  return Object.hasOwn(FLOATS, dtype);
}

/** How elements of a stored dtype are held where nobody widens them; null of what is no float. */
export function dtypeOf(dtype: string): DType | null {
  return isFloat(dtype) ? FLOATS[dtype] : null;
}

/** The elements as they are stored. Little-endian on both sides: safetensors says so, and so is every machine with WebGPU. */
export function storedFloats(dtype: FloatDtype, bytes: ArrayBuffer): Floats {
  const own = FLOATS[dtype];
  return own === 'f32' ? new Float32Array(bytes) : { dtype: own, bits: new Uint16Array(bytes) };
}
