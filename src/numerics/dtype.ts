/** How the elements of a tensor are stored. */

export type DType = 'f32' | PackedType;

/** IEEE 754 binary16, and bfloat16: the upper half of a float32. */
export type PackedType = 'f16' | 'bf16';

const BYTES: Readonly<Record<DType, number>> = { f32: 4, f16: 2, bf16: 2 };

/** How many elements so many bytes hold. */
export function elementsIn(bytes: number, dtype: DType): number {
  return bytes / BYTES[dtype];
}

/** What a tensor of so many elements takes: whole words of 4 bytes, which is how a GPU has its memory. */
export function bytesOf(elements: number, dtype: DType): number {
  return 4 * Math.ceil((BYTES[dtype] * elements) / 4);
}
