/** The operations that multiply by a weight. See each file in shaders/. */

import linearPerHead from '../../../shaders/linear_per_head.wgsl?raw';
import reference from '../../../shaders/linear_reference.wgsl?raw';
import registers from '../../../shaders/linear_registers.wgsl?raw';
import tiles from '../../../shaders/linear_tiles.wgsl?raw';
import operandsScalar from '../../../shaders/operands_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_vec4.wgsl?raw';
import { LabError } from '../../base/errors.ts';
import type { LinearShape } from '../../operations/operations.ts';
import {
  elementwise,
  gpuOperation,
  type Kernel,
  maxWorkgroups,
  type Variant,
  type Workgroups,
} from './kernel.ts';

const block = 8; // linear_registers.wgsl has it in its text
const perInvocation = 4; // likewise, linear_tiles.wgsl

/**
 * A software adapter takes a fifth of a second to compile the register kernel, for each device anew, and less than
 * that for whole products with so short a sum.
 */
const worthRegisters = 256;

export const linearVariants: readonly Variant<LinearShape>[] = [
  variant({
    id: 'registers',
    label: '8 × 8 elements an invocation, in registers',
    suits: 'software',
    accepts: ({ k }) => k >= worthRegisters,
    code: registers,
    constants: { WIDTH: 8 },
    tile: { rows: block, cols: 8 * block },
  }),
  variant({
    id: 'tiles',
    label: '32 × 64 tile a workgroup, in workgroup memory',
    suits: 'gpu',
    code: tiles,
    constants: { WIDTH: 16, HEIGHT: 8, DEPTH: 4 },
    tile: { rows: 8 * perInvocation, cols: 16 * perInvocation },
  }),
  {
    id: 'reference',
    label: 'one element an invocation',
    suits: 'software',
    kernel: constant({ name: 'linear', code: [reference], constants: { WIDTH: 8, HEIGHT: 8 } }),
    workgroups: grid({ rows: 8, cols: 8 }),
  },
];

export const products = {
  linear: gpuOperation('linear', linearVariants, ({ m, k, n }, x, w, b) => ({
    inputs: [x, w, b],
    sizes: [m, k, n, b === undefined ? 0 : 1],
  })),

  linearPerHead: gpuOperation(
    'linearPerHead',
    elementwise('linearPerHead', [linearPerHead], ({ m, heads, n }) => [m, heads * n]),
    ({ m, heads, k, n }, x, w) => ({ inputs: [x, w], sizes: [m, heads, k, n] }),
  ),
};

/** Elements of y that one workgroup computes. */
interface Tile {
  readonly rows: number;
  readonly cols: number;
}

/** A variant that reads x and w four elements at a time, whatever K is. */
function variant({
  code,
  constants,
  tile,
  ...rest
}: Omit<Variant<LinearShape>, 'kernel' | 'workgroups'> & {
  code: string;
  constants: Kernel['constants'];
  tile: Tile;
}): Variant<LinearShape> {
  const vec4: Kernel = { name: 'linear', code: [operandsVec4, code], constants };
  const scalar: Kernel = { name: 'linear', code: [operandsScalar, code], constants };
  return { ...rest, kernel: ({ k }) => (k % 4 === 0 ? vec4 : scalar), workgroups: grid(tile) };
}

function constant<T>(value: T): () => T {
  return () => value;
}

function grid(tile: Tile): (shape: LinearShape) => Workgroups {
  return ({ m, n }) => {
    const workgroups = [Math.ceil(n / tile.cols), Math.ceil(m / tile.rows)] as const;
    if (workgroups.some((count) => count > maxWorkgroups)) {
      throw new LabError(
        'input',
        `linear: ${m}×${n} needs ${workgroups.join('×')} workgroups, and a grid has at most ${maxWorkgroups} ` +
          'along a side. Use a smaller matrix, or more ranks.',
      );
    }
    return workgroups;
  };
}
