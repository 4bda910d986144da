/** Where layers get their numbers from: each asks for the parts that are its own, so that nobody need hold the whole. */

import { LabError } from '../base/errors.ts';
import { cutBlock } from '../numerics/matrix.ts';
import type { Floats } from '../numerics/packed.ts';
import type { Range } from '../numerics/ranges.ts';

export interface Weights {
  /**
   * Rows of a stored tensor, and of a matrix `[out, in]` the columns; null where it is a vector. Names are those of a
   * Hugging Face checkpoint: "self_attn.q_proj.weight".
   * @throws LabError `input` where there is none of that name and size
   */
  block(name: string, rows: Range, cols: Range | null): Promise<Float32Array>;
  /** The same, and 16-bit floats as they are stored, for devices that keep them; left out where there are none. */
  stored?(name: string, rows: Range, cols: Range | null): Promise<Floats>;
}

/** Whole tensors by their names in a checkpoint, `data` row by row. */
export type TensorsByName = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
>;

/** Weights that are whole in memory. */
export function wholeWeights(tensors: TensorsByName): Weights {
  return {
    async block(name, rows, cols) {
      const dims = cols === null ? 1 : 2;
      const found = tensors[name];
      if (found === undefined || found.shape.length !== dims) {
        const known = Object.entries(tensors).map(([key, { shape }]) => `${key} [${shape.join(', ')}]`);
        throw new LabError(
          'input',
          `There is no weight ${name} with ${dims} dimensions; there are ${known.join(', ') || 'none'}.`,
        );
      }
      const { shape, data } = found;
      const [length = 0, width = 0] = shape;
      if (rows.end > length || (cols !== null && cols.end > width)) throw tooSmall(name, shape, rows, cols);
      return cols === null ? data.slice(rows.start, rows.end) : cutBlock(data, width, { rows, cols });
    },
  };
}

/** Without this the part that is not there would be zeros, and the layer wrong without a word. */
function tooSmall(name: string, shape: readonly number[], rows: Range, cols: Range | null): LabError {
  const needed =
    cols === null ? `elements ${describe(rows)}` : `rows ${describe(rows)} and columns ${describe(cols)}`;
  return new LabError('input', `Weight ${name} is [${shape.join(', ')}]; ${needed} of it are needed.`);
}

function describe({ start, end }: Range): string {
  return `${start} … ${end}`;
}
