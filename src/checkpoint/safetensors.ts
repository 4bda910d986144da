/**
 * The file format of Hugging Face checkpoints: eight bytes that say how long the header is (little-endian), the header
 * (JSON: name → dtype, shape, place), then the data, one tensor behind another without gaps.
 * https://github.com/huggingface/safetensors#format
 */

import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import type { FloatType } from '../numerics/dtype.ts';
import type { Floats } from '../numerics/packed.ts';
import { floatsOf } from '../numerics/tensorData.ts';
import {
  badFile,
  checkPlaces,
  type Dtype,
  isRecord,
  repeatedName,
  type StoredTensor,
  tensorOf,
} from './safetensorsHeader.ts';

export type { Dtype, StoredTensor } from './safetensorsHeader.ts';

export interface Safetensors {
  /** Texts that the writer added. */
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /**
   * A copy of the values of a tensor, float16 and bfloat16 widened.
   * @throws LabError `input` where there is none of that name, or it has another dtype
   */
  float32(name: string): Float32Array;
}

export type SafetensorsHeader = Pick<Safetensors, 'metadata' | 'tensors'>;

/** Which say how long the header is. */
export const LENGTH_BYTES = 8;
/** No header of a true file is so long; safetensors' own reader refuses it too. */
const MOST_HEADER_BYTES = 100_000_000;
/** A byte order mark is no part of JSON, and stays for it to stumble over. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws LabError `input` where the file is cut off, is no safetensors file, or contradicts itself */
export function parseSafetensors(file: ArrayBuffer): Safetensors {
  const size = file.byteLength;
  const dataStart = dataStartOf(new Uint8Array(file, 0, Math.min(size, LENGTH_BYTES)), size);
  const text = new Uint8Array(file, LENGTH_BYTES, dataStart - LENGTH_BYTES);
  const { metadata, tensors } = parseHeader(text, size - dataStart);
  return {
    metadata,
    tensors,
    float32(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new LabError('input', `The file has no tensor ${cut(name)}.`);
      const { start, end, dtype } = tensor;
      if (!isFloat(dtype)) throw noFloats(name, dtype);
      return floatsOf(storedFloats(dtype, file.slice(dataStart + start, dataStart + end)));
    },
  };
}

/**
 * Where the header ends and the data begins, from the first bytes of the file.
 * @param size of the whole file
 * @throws LabError `input` where the file is too short for that
 */
export function dataStartOf(first: Uint8Array, size: number): number {
  if (size < LENGTH_BYTES)
    throw badFile(`it has ${size} bytes, and ${LENGTH_BYTES} say how long its header is`);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > size) {
    throw badFile(
      `its header should have ${length} bytes, and ${size - LENGTH_BYTES} are there; is it cut off?`,
    );
  }
  if (length > MOST_HEADER_BYTES) throw badFile(`its header should have ${length} bytes, more than any has`);
  return dataStart;
}

/**
 * What the header says.
 * @param bytes of the header's text
 * @param dataBytes behind it
 * @throws LabError `input` where it is no header, or contradicts itself or the length of the data
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): SafetensorsHeader {
  const { __metadata__: texts = {}, ...entries } = readHeader(bytes);
  const tensors = new Map(Object.entries(entries).map(([name, entry]) => [name, tensorOf(name, entry)]));
  checkPlaces(tensors, dataBytes);
  return { metadata: metadataOf(texts), tensors };
}

/** The failure of a tensor whose elements are no floats. */
export function noFloats(name: string, dtype: Dtype): LabError {
  return new LabError(
    'input',
    `Tensor ${cut(name)} is ${dtype}; only F32, F16 and BF16 can be read as floats.`,
  );
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = UTF8.decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw badFile('its header is no JSON', cause);
  }
  if (!isRecord(header)) throw badFile('its header is no JSON object');
  if (!text.startsWith('{')) throw badFile('its header does not begin with {');
  const twice = repeatedName(text);
  if (twice !== null) throw badFile(`its header has ${cut(twice)} twice`);
  return header;
}

function metadataOf(texts: unknown): Record<string, string> {
  const known = isRecord(texts) ? Object.entries(texts) : [];
  if (!isRecord(texts) || known.some(([, text]) => typeof text !== 'string')) {
    throw badFile('its __metadata__ is no object of texts');
  }
  return Object.fromEntries(known.map(([key, text]) => [key, String(text)]));
}

/** The floats of a checkpoint: which of its dtypes are some, and what they are here. */
const FLOATS = { F32: 'f32', F16: 'f16', BF16: 'bf16' } as const satisfies Record<string, FloatType>;

/** The dtypes that are read as floats. */
export type FloatDtype = keyof typeof FLOATS;

export function isFloat(dtype: string): dtype is FloatDtype {
  return Object.hasOwn(FLOATS, dtype);
}

/** How elements of a stored dtype are held where nobody widens them; null of what is no float. */
export function dtypeOf(dtype: string): FloatType | null {
  return isFloat(dtype) ? FLOATS[dtype] : null;
}

/** The elements as they are stored. Little-endian on both sides: safetensors says so, and so is every machine with WebGPU. */
export function storedFloats(dtype: FloatDtype, bytes: ArrayBuffer): Floats {
  const own = FLOATS[dtype];
  return own === 'f32' ? new Float32Array(bytes) : { dtype: own, bits: new Uint16Array(bytes) };
}
