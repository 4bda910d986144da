/** What the header of a safetensors file says of a tensor, and whether it can be true. */

import { LabError } from '../base/errors.ts';

/** Bytes of an element. */
const DTYPES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type Dtype = keyof typeof DTYPES;

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes of the data, counted from behind the header: `start … end`. */
  readonly start: number;
  readonly end: number;
}

/** The failure of a file that cannot be read. */
export function badFile(why: string, cause?: unknown): LabError {
  return new LabError('input', `The safetensors file cannot be read: ${why}.`, { cause });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws LabError `input` where an entry of the header is not of its form, or says two sizes */
export function tensorOf(name: string, entry: unknown): StoredTensor {
  if (!isRecord(entry)) throw badFile(`what its header says of ${name} is no object`);
  const { dtype, shape, data_offsets: place } = entry;
  if (!isDtype(dtype)) throw badFile(`${name} has the unknown dtype ${JSON.stringify(dtype)}`);
  if (!areCounts(shape)) throw badFile(`${name} has the shape ${JSON.stringify(shape)}`);
  if (!areCounts(place)) throw badFile(`${name} has the data_offsets ${JSON.stringify(place)}`);
  const [start = 0, end = 0] = place;
  const needed = shape.reduce((product, size) => product * size, DTYPES[dtype]);
  if (place.length !== 2 || end - start !== needed) {
    throw badFile(
      `${name}, ${dtype} [${shape.join(', ')}], needs ${needed} bytes, and has data_offsets [${place.join(', ')}]`,
    );
  }
  return { dtype, shape, start, end };
}

/** @throws LabError `input` unless the tensors fill `bytes` of data, each byte once */
export function checkPlaces(tensors: ReadonlyMap<string, StoredTensor>, bytes: number): void {
  let at = 0;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (const [name, { start, end }] of inOrder) {
    if (end > bytes) throw badFile(`${name} ends at byte ${end} of ${bytes}; is it cut off?`);
    if (start < at) throw badFile(`${name} begins at byte ${start}, inside of the tensor that ends at ${at}`);
    if (start > at) throw badFile(`bytes ${at} … ${start}, before ${name}, belong to no tensor`);
    at = end;
  }
  if (at < bytes) throw badFile(`${bytes - at} bytes behind the last tensor belong to none`);
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(DTYPES, value);
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}
