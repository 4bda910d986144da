/** What the header of a safetensors file says of a tensor, and whether it can be true. */

import { LabError } from '../base/errors.ts';
import { cut, shown } from '../base/shown.ts';

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
export function tensorOf(key: string, entry: unknown): StoredTensor {
  const name = cut(key);
  if (!isRecord(entry)) throw badFile(`what its header says of ${name} is no object`);
  const { dtype, shape, data_offsets: place } = entry;
  if (!isDtype(dtype)) throw badFile(`${name} has the unknown dtype ${shown(dtype)}`);
  if (!areCounts(shape)) throw badFile(`${name} has the shape ${shown(shape)}`);
  if (!areCounts(place)) throw badFile(`${name} has the data_offsets ${shown(place)}`);
  // Zeros left out: a tensor of none has its strides all the same, and [2⁴⁰, 2⁴⁰, 0] has none that a number holds.
  const span = shape.reduce((product, size) => product * Math.max(1, size), DTYPES[dtype]);
  if (!Number.isSafeInteger(span)) throw badFile(`${name} has more elements than can be counted`);
  const [start = 0, end = 0] = place;
  const needed = shape.includes(0) ? 0 : span;
  if (place.length !== 2 || end - start !== needed) {
    const what = `${name}, ${dtype} ${shown(shape)}`;
    throw badFile(`${what}, needs ${needed} bytes, and has data_offsets ${shown(place)}`);
  }
  return { dtype, shape, start, end };
}

/** @throws LabError `input` unless the tensors fill `bytes` of data, each byte once */
export function checkPlaces(tensors: ReadonlyMap<string, StoredTensor>, bytes: number): void {
  let at = 0;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (const [key, { start, end }] of inOrder) {
    const name = cut(key);
    if (end > bytes) throw badFile(`${name} ends at byte ${end} of ${bytes}; is it cut off?`);
    if (start < at) throw badFile(`${name} begins at byte ${start}, inside of the tensor that ends at ${at}`);
    if (start > at) throw badFile(`bytes ${at} … ${start}, before ${name}, belong to no tensor`);
    at = end;
  }
  if (at < bytes) throw badFile(`${bytes - at} bytes behind the last tensor belong to none`);
}

/** The first name that an object anywhere in `json`, which is JSON, has twice; null without one. */
export function repeatedName(json: string): string | null {
  /** Of the objects that are open, the names so far; null of a list. */
  const open: (Set<string> | null)[] = [];
  let text = '';
  for (let at = 0; at < json.length; at++) {
    const letter = json.charAt(at);
    if (letter === '"') {
      const start = at;
      for (at++; json.charAt(at) !== '"'; at++) if (json.charAt(at) === '\\') at++;
      text = json.slice(start, at + 1);
    } else if (letter === '{') open.push(new Set());
    else if (letter === '[') open.push(null);
    else if (letter === '}' || letter === ']') open.pop();
    else if (letter === ':') {
      const name: string = JSON.parse(text);
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return null;
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(DTYPES, value);
}

function areCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((count) => Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0))
  );
}
