/**
 * The file format of Hugging Face checkpoints: eight bytes that say how long the header is (little-endian), the header
 * (JSON: name → dtype, shape, place), then the data, one tensor behind another without gaps.
 * https://github.com/huggingface/safetensors#format
 */

import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
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

const LENGTH_BYTES = 8;
/** A byte order mark is no part of JSON, and stays for it to stumble over. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws LabError `input` where the file is cut off, is no safetensors file, or contradicts itself */
export function parseSafetensors(file: ArrayBuffer): Safetensors {
  const { header, dataStart } = readHeader(file);
  const { __metadata__: texts = {}, ...entries } = header;
  const tensors = new Map(Object.entries(entries).map(([name, entry]) => [name, tensorOf(name, entry)]));
  checkPlaces(tensors, file.byteLength - dataStart);
  return {
    metadata: metadataOf(texts),
    tensors,
    float32(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new LabError('input', `The file has no tensor ${cut(name)}.`);
      const { start, end, dtype } = tensor;
      return toFloat32(name, dtype, file.slice(dataStart + start, dataStart + end));
    },
  };
}

function readHeader(file: ArrayBuffer): { header: Record<string, unknown>; dataStart: number } {
  const size = file.byteLength;
  if (size < LENGTH_BYTES)
    throw badFile(`it has ${size} bytes, and ${LENGTH_BYTES} say how long its header is`);
  const length = new DataView(file).getBigUint64(0, true);
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > size) {
    throw badFile(
      `its header should have ${length} bytes, and ${size - LENGTH_BYTES} are there; is it cut off?`,
    );
  }
  let text: string;
  let header: unknown;
  try {
    text = UTF8.decode(new Uint8Array(file, LENGTH_BYTES, Number(length)));
    header = JSON.parse(text);
  } catch (cause) {
    throw badFile('its header is no JSON', cause);
  }
  if (!isRecord(header)) throw badFile('its header is no JSON object');
  if (!text.startsWith('{')) throw badFile('its header does not begin with {');
  const twice = repeatedName(text);
  if (twice !== null) throw badFile(`its header has ${cut(twice)} twice`);
  return { header, dataStart };
}

function metadataOf(texts: unknown): Record<string, string> {
  const known = isRecord(texts) ? Object.entries(texts) : [];
  if (!isRecord(texts) || known.some(([, text]) => typeof text !== 'string')) {
    throw badFile('its __metadata__ is no object of texts');
  }
  return Object.fromEntries(known.map(([key, text]) => [key, String(text)]));
}

/** Little-endian on both sides: the format says so, and so is every machine with WebGPU. */
function toFloat32(name: string, dtype: Dtype, bytes: ArrayBuffer): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return widenFloat16(new Uint16Array(bytes));
    case 'BF16':
      return widenBfloat16(new Uint16Array(bytes));
    default:
      throw new LabError(
        'input',
        `Tensor ${cut(name)} is ${dtype}; only F32, F16 and BF16 can be read as floats.`,
      );
  }
}

/** bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] as number) << 16;
  return new Float32Array(words.buffer);
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function widenFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, float16);
}

function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24; // zero and subnormal
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
