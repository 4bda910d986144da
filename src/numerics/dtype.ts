/** How the elements of a tensor are stored. */

export type DType = FloatType | BlockType;

export type FloatType = 'f32' | PackedType;

/** IEEE 754 binary16, and bfloat16: the upper half of a float32. */
export type PackedType = 'f16' | 'bf16';

/** Integers of 8 and of 4 bits, of which each block of 32 has a scale of 16 bits (blocks.ts). */
export type BlockType = 'q8' | 'q4';

const BYTES: Readonly<Record<DType, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  q8: 1 + 2 / 32,
  q4: 1 / 2 + 2 / 32,
};

/** How many elements so many bytes hold. */
export function elementsIn(bytes: number, dtype: DType): number {
  return bytes / BYTES[dtype];
}

/** What a tensor of so many elements takes: whole words of 4 bytes, which is how a GPU has its memory. */
export function bytesOf(elements: number, dtype: DType): number {
  return 4 * Math.ceil((BYTES[dtype] * elements) / 4);
}
