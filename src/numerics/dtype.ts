/** How the elements of a tensor are stored. */

export type DType = 'f32';

const BYTES: Readonly<Record<DType, number>> = { f32: 4 };

/** How many elements so many bytes hold. */
export function elementsIn(bytes: number, dtype: DType): number {
  return bytes / BYTES[dtype];
}

/** What so many elements take. */
export function bytesOf(elements: number, dtype: DType): number {
  return BYTES[dtype] * elements;
}
