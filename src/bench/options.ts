/** What a benchmark is asked to measure, as the page's controls, its link and the command line give it. */

import { isCollective } from '../collectives/kinds.ts';
import { type BenchOptions, type ModelShape, OPS, type PassShape, SUITES, type Suite } from './axes.ts';
import { isModelOp } from './cases.ts';
import type { BenchOp } from './record.ts';

export * from './axes.ts';
export { problemWithOptions } from './problem.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** From `first` to `last`, each `factor` times the one before. */
function geometric(first: number, last: number, factor: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= last; size *= factor) sizes.push(size);
  return sizes;
}

/** Llama-3.2-1B at a quarter of its width, which a software adapter runs in a tenth of a second. */
export const QUARTER_LLAMA: ModelShape = {
  hidden: 512,
  intermediate: 2048,
  heads: 8,
  kvHeads: 2,
  headDim: 64,
  vocab: 32_064,
};

export const DEFAULT_OPTIONS: BenchOptions = {
  suites: ['collectives'],
  ops: [],
  ranks: [1, 2, 4],
  devices: ['webgpu', 'cpu'],
  placements: ['worker'],
  algorithms: ['auto'],
  sizes: geometric(KIB, 64 * MIB, 2),
  shapes: [
    { m: 16, k: 512, n: 2048 },
    { m: 16, k: 2048, n: 512 },
  ],
  model: QUARTER_LLAMA,
  passes: [
    { m: 16, past: 0 },
    { m: 1, past: 128 },
  ],
  blocks: [1],
  checkpoints: ['stories'],
  variants: ['reference', 'registers', 'tiles-64'],
  weights: ['f32'],
  budgetMs: 500,
  seed: 1,
};

/** Collectives beside other suites are measured at fewer sizes: a software adapter ends all three within five minutes. */
const FEWER_SIZES = geometric(KIB, 16 * MIB, 4);

/** Of a model alone: prompts of three lengths, and a token behind one. */
const MODEL_PASSES: readonly PassShape[] = [
  { m: 16, past: 0 },
  { m: 128, past: 0 },
  { m: 512, past: 0 },
  { m: 1, past: 128 },
];

/** What is not said otherwise where these suites are chosen. */
export function defaultsOf(suites: readonly Suite[]): BenchOptions {
  return {
    ...DEFAULT_OPTIONS,
    suites,
    ...(suites.length > 1 && { sizes: FEWER_SIZES }),
    ...(suites.join() === 'model' && { passes: MODEL_PASSES }),
  };
}

/** A little of everything, done in half a minute on a software adapter: what the page opens on. */
export const FIRST_LOOK: BenchOptions = {
  ...defaultsOf(SUITES),
  ops: ['all_reduce', 'row_linear', 'mlp', 'block', 'gemm'],
  sizes: geometric(4 * KIB, 16 * MIB, 16),
  passes: [{ m: 16, past: 0 }],
  budgetMs: 150,
};

/** Operations of these suites, in the order of the record. */
export function opsOf(suites: readonly Suite[]): BenchOp[] {
  return OPS.filter((op) => suites.includes(suiteOf(op)));
}

export function suiteOf(op: BenchOp): Suite {
  if (op === 'gemm') return 'gemm';
  if (isModelOp(op)) return 'model';
  return isCollective(op) ? 'collectives' : 'layers';
}

/** Sizes and passes that were not chosen by hand go with the suites; operations that are not theirs are dropped. */
export function withSuites(options: BenchOptions, suites: readonly Suite[]): Partial<BenchOptions> {
  const [before, after] = [defaultsOf(options.suites), defaultsOf(suites)];
  const untouched = (axis: 'sizes' | 'passes'): boolean =>
    JSON.stringify(before[axis]) === JSON.stringify(options[axis]);
  const ops = options.ops.filter((op) => suites.includes(suiteOf(op)));
  return {
    suites,
    ops,
    ...(untouched('sizes') && { sizes: after.sizes }),
    ...(untouched('passes') && { passes: after.passes }),
  };
}
