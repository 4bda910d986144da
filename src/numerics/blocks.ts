/**
 * Weights as integers of 8 or 4 bits, in blocks of 32 along a row with a scale each, as ggml's q8_0 and q4_0 have them
 * (quantize_row_q8_0_ref and quantize_row_q4_0_ref of ggml-quants.c). Two things are other than there. A scale is a
 * bfloat16 and no float16: it has the range of a float32, is widened by a shift, and eight bits times its eight are exact
 * in float32, so that a kernel and the host read the same number. And it is rounded up before values are divided by it,
 * so that what is read lies within half a step of what was stored.
 */

import { LabError } from '../base/errors.ts';
import { type BlockType, bytesOf } from './dtype.ts';

/** Elements that share a scale. */
export const BLOCK = 32;

/**
 * Whole blocks, row after row. Their codes come first, 4 or 8 in a word, the first in its lowest bits, in two's
 * complement; the scales lie behind them, two in a word.
 */
export interface Blocks {
  readonly dtype: BlockType;
  /** Elements. */
  readonly length: number;
  readonly words: Uint32Array;
}

interface Coding {
  /** Of a code. */
  readonly bits: number;
  readonly least: number;
  readonly most: number;
  /** Of a block whose largest element, by magnitude, is this one. */
  readonly step: (largest: number) => number;
}

/** q4 has −8 and no 8: the largest element becomes −8, whatever its sign, and one as large of the other sign is cut to 7. */
const CODINGS: Readonly<Record<BlockType, Coding>> = {
  q8: { bits: 8, least: -127, most: 127, step: (largest) => Math.abs(largest) / 127 },
  q4: { bits: 4, least: -8, most: 7, step: (largest) => largest / -8 },
};

/**
 * Each element becomes the nearest multiple of its block's scale, of two as near the upper one. A block with a NaN, or
 * with what is beyond 2¹²⁷, is NaN.
 * @param width of a row: K of a weight `[N, K]`
 * @throws LabError `input` where blocks do not fill a row
 */
export function quantised(values: Float32Array, dtype: BlockType, width: number): Blocks {
  if (width % BLOCK !== 0) {
    throw new LabError(
      'input',
      `A row of ${width} elements would cut a block of ${BLOCK}, which has one scale. As ${dtype} a row, and what a row ` +
        `split leaves of it, needs a multiple of ${BLOCK}: use other ranks, or weights of more bits.`,
    );
  }
  const { bits, least, most, step } = CODINGS[dtype];
  const words = new Uint32Array(bytesOf(values.length, dtype) / 4);
  const scales = scalesIn(words, values.length);
  const mask = 2 ** bits - 1;
  for (const block of scales.keys()) {
    const start = block * BLOCK;
    const largest = largestOf(values, start);
    scales[block] = Math.abs(largest) <= BEYOND ? scaleBits(step(largest)) : NAN;
    const scale = numberOf(scales[block]);
    if (scale === 0 || Number.isNaN(scale)) continue;
    for (let i = start; i < start + BLOCK; ) {
      let word = 0;
      for (let shift = 0; shift < 32; shift += bits, i++) {
        const nearest = Math.floor((values[i] as number) / scale + 0.5);
        const code = nearest > most ? most : nearest < least ? least : nearest;
        word |= (code & mask) << shift;
      }
      words[((i - 1) * bits) >>> 5] = word;
    }
  }
  return { dtype, length: values.length, words };
}

/** Writes the numbers into `into`, from its start. */
export function dequantise({ dtype, length, words }: Blocks, into: Float32Array): void {
  const { bits } = CODINGS[dtype];
  for (const [block, scaleBits] of scalesIn(words, length).entries()) {
    const scale = numberOf(scaleBits);
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; ) {
      const word = words[(i * bits) >>> 5] as number;
      for (let shift = 32 - bits; shift >= 0; shift -= bits, i++)
        into[i] = ((word << shift) >> (32 - bits)) * scale;
    }
  }
}

/** They fill the end of the words, but for half a word where there is an odd number. */
function scalesIn(words: Uint32Array, length: number): Uint16Array {
  const blocks = length / BLOCK;
  const codes = words.byteLength - 4 * Math.ceil(blocks / 2);
  return new Uint16Array(words.buffer, words.byteOffset + codes, blocks);
}

/** NaN where there is one. */
function largestOf(values: Float32Array, start: number): number {
  let largest = 0;
  for (let i = start; i < start + BLOCK; i++) {
    const value = values[i] as number;
    if (Math.abs(value) > Math.abs(largest) || Number.isNaN(value)) largest = value;
  }
  return largest;
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

const NAN = 0x7fc0;
/** A scale is rounded up, and its codes are not to pass the largest float32. */
const BEYOND = 2 ** 127;
/** A smaller one would be a denormal, which a GPU may take for 0. */
const LEAST_NORMAL = 0x0080;

/** The next bfloat16 away from 0, for no code lies beyond the largest then. */
function scaleBits(step: number): number {
  if (step === 0) return 0;
  float[0] = step;
  const magnitude = (word[0] as number) & 0x7fffffff;
  const sign = ((word[0] as number) >>> 16) & 0x8000;
  return sign | Math.max(LEAST_NORMAL, (magnitude + 0xffff) >>> 16);
}

function numberOf(scale: number): number {
  word[0] = scale << 16;
  return float[0] as number;
}
