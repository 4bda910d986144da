/** The numbers of a tensor as a host has them, however they are stored. */

import { type Blocks, dequantise, quantised } from './blocks.ts';
import type { DType, FloatType } from './dtype.ts';
import { type Floats, isPacked, narrowed, widen } from './packed.ts';

export type TensorData = Floats | Blocks;
export type StoredArray = Float32Array | Uint16Array | Uint32Array;

export function isBlocks(data: TensorData): data is Blocks {
  return 'words' in data;
}

export function typeOf(data: Floats): FloatType;
export function typeOf(data: TensorData): DType;
export function typeOf(data: TensorData): DType {
  return data instanceof Float32Array ? 'f32' : data.dtype;
}

/** Elements. */
export function lengthOfData(data: TensorData): number {
  return 'bits' in data ? data.bits.length : data.length;
}

/** Its bytes, as numbers. */
export function storedIn(data: TensorData): StoredArray {
  if (isBlocks(data)) return data.words;
  return isPacked(data) ? data.bits : data;
}

/** What {@link storedIn} gave, from its bytes. */
export function dataOf(dtype: DType, length: number, bytes: ArrayBuffer): TensorData {
  switch (dtype) {
    case 'f32':
      return new Float32Array(bytes, 0, length);
    case 'f16':
    case 'bf16':
      return { dtype, bits: new Uint16Array(bytes, 0, length) };
    case 'q8':
    case 'q4':
      return { dtype, length, words: new Uint32Array(bytes) };
    default:
      return dtype satisfies never;
  }
}

/** Writes the numbers into `into`, which has that length. */
export function writeFloats(data: TensorData, into: Float32Array): void {
  if (isBlocks(data)) dequantise(data, into);
  else if (isPacked(data)) widen(data, into, 0);
  else into.set(data);
}

/** The numbers as float32: what has 32 bits already is not copied. */
export function floatsOf(data: TensorData): Float32Array {
  if (data instanceof Float32Array) return data;
  const floats = new Float32Array(lengthOfData(data));
  writeFloats(data, floats);
  return floats;
}

/**
 * The nearest numbers of that type.
 * @param width of a row, which blocks have to fill
 * @throws LabError `input` where they do not
 */
export function storedAs(dtype: DType, values: Float32Array, width: number): TensorData {
  switch (dtype) {
    case 'f32':
      return values;
    case 'f16':
    case 'bf16':
      return narrowed(values, dtype);
    case 'q8':
    case 'q4':
      return quantised(values, dtype, width);
    default:
      return dtype satisfies never;
  }
}
