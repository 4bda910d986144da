/** Where layers get their numbers from: each asks for the blocks that are its own, so that nobody need hold the whole. */

import { LabError } from '../base/errors.ts';
import { type Block, cutBlock } from '../math/matrix.ts';
import type { Range } from '../math/ranges.ts';

/** Names are those of a Hugging Face checkpoint: "self_attn.q_proj.weight". */
export interface Weights {
  /** A block of a stored matrix `[out, in]`. @throws LabError `input` where there is none of that name and size. */
  matrix(name: string, block: Block): Float32Array;
  /** A part of a stored vector. */
  vector(name: string, range: Range): Float32Array;
}

/** Weights that are whole in memory, by name. */
export function wholeWeights(
  tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>,
): Weights {
  const find = (name: string, dims: number) => {
    const found = tensors[name];
    if (found === undefined || found.shape.length !== dims) {
      const known = Object.entries(tensors).map(([key, { shape }]) => `${key} [${shape.join(', ')}]`);
      throw new LabError(
        'input',
        `There is no weight ${name} with ${dims} dimensions; there are ${known.join(', ') || 'none'}.`,
      );
    }
    return found;
  };
  return {
    matrix(name, block) {
      const { shape, data } = find(name, 2);
      const [rows = 0, cols = 0] = shape;
      if (block.rows.end > rows || block.cols.end > cols) {
        const { rows: own, cols: across } = block;
        throw tooSmall(name, shape, `rows ${describe(own)} and columns ${describe(across)}`);
      }
      return cutBlock(data, cols, block);
    },
    vector(name, range) {
      const { shape, data } = find(name, 1);
      if (range.end > data.length) throw tooSmall(name, shape, `elements ${describe(range)}`);
      return data.slice(range.start, range.end);
    },
  };
}

/** Without this the part that is not there would be zeros, and the layer wrong without a word. */
function tooSmall(name: string, shape: readonly number[], needed: string): LabError {
  return new LabError('input', `Weight ${name} is [${shape.join(', ')}]; ${needed} of it are needed.`);
}

function describe({ start, end }: Range): string {
  return `${start} … ${end}`;
}

/** The weights whose names begin with `prefix.`, without it. */
export function within(weights: Weights, prefix: string): Weights {
  return {
    matrix: (name, block) => weights.matrix(`${prefix}.${name}`, block),
    vector: (name, range) => weights.vector(`${prefix}.${name}`, range),
  };
}

/** All of a dimension. */
export function all(length: number): Range {
  return { start: 0, end: length };
}
