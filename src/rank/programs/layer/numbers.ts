/** The numbers that a layer is run with: each a function of the seed, its name and its place, so that none is ever whole. */

import { type Block, fillBlock } from '../../../numerics/matrix.ts';
import { hash32, uniform } from '../../../numerics/random.ts';
import { type Range, shardRange } from '../../../numerics/ranges.ts';
import type { Weights } from '../../../parallel/weights.ts';
import { hiddenOf, type LayerSpec } from '../../../program/layers.ts';

/** Uniform in [−1, 1) has a deviation of 1/√3. */
const UNIT = Math.sqrt(3);

/**
 * Weights of any name and size. Products of `fanIn` terms stay near unit scale; norms are near 1, biases small.
 * @param onBlock sees every block that is asked for
 */
export function seededWeights(
  seed: number,
  fanIn: number,
  onBlock: (name: string, block: Float32Array) => void = () => {},
): Weights {
  const scale = UNIT / Math.sqrt(fanIn);
  const seen = (name: string, block: Float32Array): Float32Array => {
    onBlock(name, block);
    return block;
  };
  const matrix = (stream: number, block: Block): Float32Array =>
    fillBlock(block, (row, col) => uniform(hash32(stream, row), col) * scale);
  const vector = (stream: number, { start, end }: Range, centre: number): Float32Array =>
    Float32Array.from({ length: end - start }, (_, i) => centre + 0.25 * uniform(stream, start + i));
  return {
    async block(name, rows, cols) {
      const stream = hash32(seed, hashText(name));
      const centre = name.endsWith('norm.weight') ? 1 : 0;
      return seen(name, cols === null ? vector(stream, rows, centre) : matrix(stream, { rows, cols }));
    },
  };
}

/** Weights are scaled for the width of the layer's input. */
export function fanInOf(spec: LayerSpec): number {
  return hiddenOf(spec);
}

/** Rows of the layer's input, one a token: `[rows, width]`, of unit scale. */
export function seededRows(seed: number, rows: Range, width: number): Float32Array {
  const stream = hash32(seed, hashText('x'));
  const block = { rows, cols: { start: 0, end: width } };
  return fillBlock(block, (row, col) => uniform(hash32(stream, row), col) * UNIT);
}

/** The ids of tokens, or the targets of a loss, from 0 to vocab − 1. */
export function seededIds(seed: number, name: string, tokens: Range, vocab: number): number[] {
  const stream = hash32(seed, hashText(name));
  return Array.from(
    { length: tokens.end - tokens.start },
    (_, i) => hash32(stream, tokens.start + i) % vocab,
  );
}

/** A rank's own tokens of a range, with sequence parallelism. */
export function ownTokens(tokens: Range, worldSize: number, rank: number): Range {
  const { start, end } = shardRange(tokens.end - tokens.start, worldSize, rank);
  return { start: tokens.start + start, end: tokens.start + end };
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
