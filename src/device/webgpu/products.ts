/** The operations that multiply by a weight. See each file in shaders/. */

import blocksOf4 from '../../../shaders/blocks_of4.wgsl?raw';
import fewRows from '../../../shaders/linear_few_rows.wgsl?raw';
import linearPerHead from '../../../shaders/linear_per_head.wgsl?raw';
import reference from '../../../shaders/linear_reference.wgsl?raw';
import registers from '../../../shaders/linear_registers.wgsl?raw';
import subgroup from '../../../shaders/linear_subgroup.wgsl?raw';
import tiles from '../../../shaders/linear_tiles.wgsl?raw';
import operandsScalar from '../../../shaders/operands_scalar.wgsl?raw';
import operandsVec4 from '../../../shaders/operands_vec4.wgsl?raw';
import resultScalar from '../../../shaders/result_scalar.wgsl?raw';
import resultVec4 from '../../../shaders/result_vec4.wgsl?raw';
import { invariant, LabError } from '../../base/errors.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import type { LinearShape } from '../../operations/operations.ts';
import {
  constLines,
  gpuOperation,
  type Kernel,
  maxWorkgroups,
  type Variant,
  type Workgroups,
} from './kernel.ts';
import { elementwise } from './lanes.ts';
import { byWeightType, withWeight } from './weights.ts';

/** Up to so many rows of x a product is as fast as W is read. */
const mostFewRows = 4;

/** A GPU is busy with as many tiles as it has processors, of which a large one has this many. */
const enoughTiles = 128;

/**
 * Whether a product in software is worth the tenth of a second that the register kernel takes to compile, for each device
 * anew, where `reference` takes a hundredth and for a product four to fourteen times as long. A product of one row is made
 * again for each token that a model writes.
 */
function isWorthRegisters({ m, k, n }: LinearShape): boolean {
  return k >= 256 || m * k * n >= (m === 1 ? 2 ** 13 : 2 ** 18);
}

/** Of x, that an invocation of the register kernel may take; see linear_registers.wgsl. */
const REGISTER_ROWS = [1, 4, 8];

/**
 * All but `few-rows` add the terms of an element in one chain of fused multiply-adds along K, so that M and N may choose
 * among them, and so may what a tuner measured. `few-rows` has an order of its own, and so M alone chooses it.
 *
 * Of 148 tiles on an H200 the first three were the fastest that 16 KiB of workgroup memory hold, in TFLOP/s: 17.0 at 512³
 * (32 × 32), 35.0 at 1024³ (64 × 64), 41.6 at 2048³ and 42.5 at 4096³ (128 × 128). The others are there to be measured,
 * and not guessed: 256 × 128 had 42.2 and 42.9 at the two large ones, 64 × 128 and 32 × 64 lie between two of the first,
 * and the short slab is that of llama.cpp's tile, the best on average over GPUs of all makers.
 */
export const linearVariants: readonly Variant<LinearShape>[] = [
  {
    id: 'few-rows',
    label: 'a row of W a workgroup, for at most 4 rows of x',
    suits: 'gpu',
    order: 'few-rows',
    accepts: ({ m }) => m <= mostFewRows,
    kernel: fewRowsKernels(),
    workgroups: ({ n }) => [Math.min(n, maxWorkgroups), 1],
  },
  tileVariant('tiles-128', { ROWS: 4, COLS: 2, HEIGHT: 8, WIDTH: 16, DEPTH: 4 }, enoughTiles),
  tileVariant('tiles-64', { ROWS: 2, COLS: 1, HEIGHT: 8, WIDTH: 16, DEPTH: 8 }, enoughTiles),
  tileVariant('tiles-32', { ROWS: 1, COLS: 1, HEIGHT: 8, WIDTH: 8, DEPTH: 8 }, 0),
  tileVariant('tiles-32-short', { ROWS: 1, COLS: 1, HEIGHT: 8, WIDTH: 8, DEPTH: 2 }),
  tileVariant('tiles-32x64', { ROWS: 1, COLS: 1, HEIGHT: 8, WIDTH: 16, DEPTH: 8 }),
  tileVariant('tiles-64x128', { ROWS: 2, COLS: 2, HEIGHT: 8, WIDTH: 16, DEPTH: 8 }),
  tileVariant('tiles-256', { ROWS: 4, COLS: 2, HEIGHT: 16, WIDTH: 16, DEPTH: 8 }),
  // The fastest in software, and the longest to compile: 0.55 and 0.7 of the time of `registers`, which they make up for within a
  // few layers of a model. Of few rows they compute as many more than there are.
  subgroupVariant('subgroup-32', 2, { rows: 32, multiplyAdds: 2 ** 26 }),
  subgroupVariant('subgroup-16', 1, { rows: 9, multiplyAdds: 2 ** 22 }),
  {
    id: 'registers',
    label: 'up to 8 × 8 elements an invocation, in registers',
    suits: 'software',
    excels: isWorthRegisters,
    kernel: registersKernels(),
    workgroups: (shape) => grid(registerRows(shape), 8 * 8)(shape),
  },
  {
    id: 'reference',
    label: 'one element an invocation',
    suits: 'software',
    kernel: withWeight({ name: 'linear', code: [reference], constants: { WIDTH: 8, HEIGHT: 8 } }),
    workgroups: grid(8, 8),
  },
];

export const products = {
  linear: gpuOperation('linear', linearVariants, ({ m, k, n }, x, w, b) => ({
    inputs: [x, w, b],
    sizes: [m, k, n, b === undefined ? 0 : 1],
  })),

  linearPerHead: gpuOperation(
    'linearPerHead',
    elementwise('linearPerHead', [linearPerHead], ({ m, heads, n }) => [m, heads * n], {
      kernelOf: withWeight,
    }),
    ({ m, heads, k, n }, x, w) => ({ inputs: [x, w], sizes: [m, heads, k, n] }),
  ),
};

/**
 * The constants of linear_tiles.wgsl. A tile has 4·ROWS·HEIGHT × 4·COLS·WIDTH elements, multiples of 32, since quads of
 * rows are turned within eights; DEPTH is a divisor of 8 for the same reason.
 */
interface Tile {
  readonly ROWS: number;
  readonly COLS: number;
  readonly HEIGHT: number;
  readonly WIDTH: number;
  readonly DEPTH: number;
}

/** @param fewest where y has fewer tiles, or less rows than one, smaller ones are faster; left out: it is never guessed */
function tileVariant(id: string, tile: Tile, fewest = Number.POSITIVE_INFINITY): Variant<LinearShape> {
  const rows = 4 * tile.ROWS * tile.HEIGHT;
  const cols = 4 * tile.COLS * tile.WIDTH;
  const slab = 4 * tile.DEPTH;
  return {
    id,
    label: `${rows} × ${cols} tile a workgroup, in slabs of ${slab} along K, in workgroup memory`,
    suits: 'gpu',
    needs: {
      maxComputeWorkgroupStorageSize: bytesOf(slab * (rows + cols), 'f32'),
      maxComputeInvocationsPerWorkgroup: tile.HEIGHT * tile.WIDTH,
    },
    excels: ({ m, n }) => fewest === 0 || (m >= rows && Math.ceil(m / rows) * Math.ceil(n / cols) >= fewest),
    kernel: byLengths((operands, result) => ({
      name: 'linear',
      code: [constLines({ ...tile }), operands, result, tiles],
      constants: {},
    })),
    workgroups: grid(rows, cols),
  };
}

/**
 * @param strips of four rows an invocation
 * @param worth the products that are worth the time that it takes to compile
 */
function subgroupVariant(
  id: string,
  strips: number,
  worth: { readonly rows: number; readonly multiplyAdds: number },
): Variant<LinearShape> {
  const rows = 4 * 4 * strips;
  return {
    id,
    label: `${rows} × 32 elements a subgroup of four invocations, in registers`,
    suits: 'software',
    needs: { subgroupSize: 4 },
    excels: ({ m, k, n }) => m >= worth.rows && m * k * n >= worth.multiplyAdds,
    kernel: byLengths((operands, result) => ({
      name: 'linear',
      code: ['enable subgroups;', constLines({ STRIPS: strips }), operands, result, blocksOf4, subgroup],
      constants: {},
    })),
    workgroups: grid(rows, 32),
  };
}

function registersKernels(): Variant<LinearShape>['kernel'] {
  const kernels = new Map(
    REGISTER_ROWS.map((rows) => [
      rows,
      byLengths((operands, result) => ({
        name: 'linear',
        code: [constLines({ ROWS: rows }), operands, result, blocksOf4, registers],
        constants: { WIDTH: 8 },
      })),
    ]),
  );
  return (shape, weightType) => {
    const kernel = kernels.get(registerRows(shape));
    invariant(kernel !== undefined, () => `registers: there is none of ${registerRows(shape)} rows`);
    return kernel(shape, weightType);
  };
}

/** How many rows an invocation of `registers` computes: no more than four of a few, for those past the edge take as long. */
function registerRows({ m }: LinearShape): number {
  return REGISTER_ROWS.find((rows) => m <= rows) ?? 8;
}

function fewRowsKernels(): Variant<LinearShape>['kernel'] {
  const kernels = Array.from({ length: mostFewRows }, (_, i) =>
    byLengths((operands) => ({
      name: 'linear',
      code: [constLines({ ROWS: i + 1 }), operands, fewRows],
      constants: { WIDTH: 64 },
    })),
  );
  return (shape, weightType) => {
    const kernel = kernels[shape.m - 1];
    invariant(kernel !== undefined, () => `few-rows accepts at most ${mostFewRows} rows, not ${shape.m}`);
    return kernel(shape, weightType);
  };
}

/**
 * For each way to store a weight four kernels: for a K and an N that are multiples of 4, whose elements move in quads, or
 * not.
 */
function byLengths(kernelOf: (operands: string, result: string) => Kernel): Variant<LinearShape>['kernel'] {
  const kernels = byWeightType((weight) => {
    const [vec4, scalarK] = [operandsVec4, operandsScalar].map((operands) => {
      const text = `${weight}\n${operands}`;
      return [kernelOf(text, resultVec4), kernelOf(text, resultScalar)] as const;
    }) as [readonly [Kernel, Kernel], readonly [Kernel, Kernel]];
    return { vec4, scalarK };
  });
  return ({ k, n }, weightType) => {
    const { vec4, scalarK } = kernels(weightType);
    return (k % 4 === 0 ? vec4 : scalarK)[n % 4 === 0 ? 0 : 1];
  };
}

/** @param rows of y that a workgroup computes */
function grid(rows: number, cols: number): (shape: LinearShape) => Workgroups {
  return ({ m, n }) => {
    const workgroups = [Math.ceil(n / cols), Math.ceil(m / rows)] as const;
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
