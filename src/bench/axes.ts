/** What a benchmark can vary: suites, operations, and the axes of each. */

import * as algorithms from '../collectives/algorithm.ts';
import { COLLECTIVES } from '../collectives/kinds.ts';
import type { DType } from '../numerics/dtype.ts';
import type { LinearShape } from '../operations/operations.ts';
import type { BenchOp, LayerOp, ModelOp } from './record.ts';

export const SUITES = ['collectives', 'layers', 'gemm', 'model'] as const;
export type Suite = (typeof SUITES)[number];

export const LAYERS = [
  'column_linear',
  'row_linear',
  'mlp',
  'attention',
  'embedding',
  'block',
] as const satisfies readonly LayerOp[];

/** Of a whole language model: tokens of a prompt at once, and one behind them. */
export const MODEL_OPS = ['prefill', 'decode'] as const satisfies readonly ModelOp[];

export const OPS: readonly BenchOp[] = [...COLLECTIVES, ...LAYERS, 'gemm', ...MODEL_OPS];

export const ALGORITHMS = ['auto', ...algorithms.ALGORITHMS] as const;
export const DEVICES = ['webgpu', 'cpu'] as const;
export const PLACEMENTS = ['worker', 'one-device'] as const;
/** Kernels of `linear`; see shaders/linear_*.wgsl. */
export const VARIANTS = [
  'reference',
  'registers',
  'subgroup-16',
  'subgroup-32',
  'tiles-32',
  'tiles-32-short',
  'tiles-32x64',
  'tiles-64',
  'tiles-64x128',
  'tiles-128',
  'tiles-256',
  'few-rows',
] as const;
/** How the weight of a product is stored, where a device keeps 16-bit floats and blocks. */
export const WEIGHT_TYPES = ['f32', 'f16', 'bf16', 'q8', 'q4'] as const satisfies readonly DType[];
/** Rows of x that the kernel `few-rows` takes at most. */
export const FEW_ROWS = 4;

/** Sizes of a model's layers, as in its configuration. */
export interface ModelShape {
  readonly hidden: number;
  readonly intermediate: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
}

/** The tokens of a layer's or a model's pass, after those that its cache holds: 1 after many is decoding. */
export interface PassShape {
  readonly m: number;
  readonly past: number;
}

export interface BenchOptions {
  readonly suites: readonly Suite[];
  /** Of the suites' operations only these; all where it is empty. */
  readonly ops: readonly BenchOp[];
  readonly ranks: readonly number[];
  readonly devices: readonly (typeof DEVICES)[number][];
  readonly placements: readonly (typeof PLACEMENTS)[number][];
  readonly algorithms: readonly (typeof ALGORITHMS)[number][];
  /** Bytes of the collectives' buffers, multiples of 4. */
  readonly sizes: readonly number[];
  /** Of products, and of the two linear layers. */
  readonly shapes: readonly LinearShape[];
  readonly model: ModelShape;
  readonly passes: readonly PassShape[];
  /** Of the row-parallel linear and the MLP: in how many blocks of rows their sum is made, one while the next multiplies. */
  readonly blocks: readonly number[];
  /** Whole models: the one that comes with the page, or addresses of folders. */
  readonly checkpoints: readonly string[];
  readonly variants: readonly (typeof VARIANTS)[number][];
  /** Of gemm on WebGPU. */
  readonly weights: readonly (typeof WEIGHT_TYPES)[number][];
  /** Milliseconds that a case's iterations fill, at least; there are never fewer than 10. */
  readonly budgetMs: number;
  readonly seed: number;
}
