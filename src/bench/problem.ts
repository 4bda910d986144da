/** Whether options can be run, and if not, why. */

import { nameOfAddress, quoted } from '../base/shown.ts';
import { costOf } from '../program/plan.ts';
import { planLayer } from '../program/planOf.ts';
import {
  ALGORITHMS,
  type BenchOptions,
  DEVICES,
  FEW_ROWS,
  OPS,
  PLACEMENTS,
  SUITES,
  VARIANTS,
  WEIGHT_TYPES,
} from './axes.ts';
import { casesOf, hasBlocks, specOfCase } from './cases.ts';
import { MAX_BLOCKS } from './contradictions.ts';

const MAX_BYTES = 2 ** 28;
/** Of one product, or of one pass of a block. */
const MAX_FLOPS = 2 ** 36;
/** float32 elements of one weight. */
const MAX_WEIGHT = 2 ** 28;

/** Why these options cannot be run, and what would do; null where they can. */
export function problemWithOptions(options: BenchOptions): string | null {
  return (
    problemWithWords(options) ??
    problemWithNumbers(options) ??
    problemWithShapes(options) ??
    problemWithModel(options) ??
    problemWithCheckpoints(options) ??
    (casesOf(options).length > 0 ? null : nothingLeft(options))
  );
}

function problemWithWords(options: BenchOptions): string | null {
  const known: [what: string, values: readonly string[], all: readonly string[]][] = [
    ['suite', options.suites, SUITES],
    ['operation', options.ops, OPS],
    ['device', options.devices, DEVICES],
    ['placement', options.placements, PLACEMENTS],
    ['algorithm', options.algorithms, ALGORITHMS],
    ['kernel', options.variants, VARIANTS],
    ['type of weights', options.weights, WEIGHT_TYPES],
  ];
  for (const [what, values, all] of known) {
    const stranger = values.find((value) => !all.includes(value));
    if (stranger !== undefined) return `${quoted(stranger)} is no ${what}. Use ${all.join(', ')}.`;
    if (values.length === 0 && what !== 'operation') return `Choose at least one ${what}.`;
  }
  return null;
}

function problemWithNumbers(options: BenchOptions): string | null {
  const { model, passes, shapes } = options;
  const whole: [what: string, values: readonly number[], least: number, most: number][] = [
    ['A number of ranks', options.ranks, 1, 8],
    ['A size in bytes', options.sizes, 4, MAX_BYTES],
    ['A side of a product', shapes.flatMap(({ m, k, n }) => [m, k, n]), 1, 65_536],
    ['A number of tokens', passes.map(({ m }) => m), 1, 4096],
    ['A number of tokens in the cache', passes.map(({ past }) => past), 0, 16_384],
    ['A number of blocks', options.blocks, 1, MAX_BLOCKS],
    ['A size of the model', Object.values(model), 1, 2 ** 20],
    ['The seed', [options.seed], 0, 0xffff_ffff],
  ];
  for (const [what, values, least, most] of whole) {
    const bad = values.find((value) => !Number.isInteger(value) || value < least || value > most);
    if (bad !== undefined) {
      return `${what} is ${bad}. It must be a whole number from ${least} to ${most.toLocaleString('en')}.`;
    }
    if (values.length === 0) return `${what} is missing.`;
  }
  const odd = options.sizes.find((bytes) => bytes % 4 !== 0);
  if (odd !== undefined) {
    return `A size is ${odd} bytes, which is no whole number of float32 elements. Use multiples of 4.`;
  }
  if (!(options.budgetMs >= 10 && options.budgetMs <= 60_000)) {
    return `The budget is ${options.budgetMs} ms a case. It must be from 10 ms to 60 s.`;
  }
  return null;
}

function problemWithShapes({ shapes }: BenchOptions): string | null {
  const large = shapes.find(({ m, k, n }) => 2 * m * k * n > MAX_FLOPS || k * n > MAX_WEIGHT);
  if (large === undefined) return null;
  const { m, k, n } = large;
  return `${m}×${k}×${n} is too large: at most ${gigas(MAX_FLOPS)} GFLOP and ${MAX_WEIGHT / 2 ** 20} Mi weights a product.`;
}

function problemWithModel({ suites, model, passes }: BenchOptions): string | null {
  if (!suites.includes('layers')) return null;
  const { hidden, intermediate, heads, kvHeads, headDim, vocab } = model;
  if (heads % kvHeads !== 0 || headDim % 2 !== 0) {
    return `${kvHeads} key/value heads must divide ${heads} heads, and the ${headDim} columns of a head turn in pairs.`;
  }
  const weight = hidden * Math.max(intermediate, vocab, heads * headDim);
  const block = specOfCase('block', { ...model });
  const flops = passes.map(({ m, past }) => costOf(planLayer(block, 1, { tokens: m, past }), 0).flops);
  if (weight <= MAX_WEIGHT && Math.max(...flops) <= MAX_FLOPS) return null;
  return (
    `The model is too large: its largest weight has ${Math.ceil(weight / 2 ** 20)} Mi elements, of at most ` +
    `${MAX_WEIGHT / 2 ** 20}, and a pass of a block takes ${gigas(Math.max(...flops))} GFLOP, of at most ` +
    `${gigas(MAX_FLOPS)}. Take a part of it, as llama-3.2-1b/4, or fewer tokens.`
  );
}

/** They are told apart by their names alone, in a record as in a table. */
function problemWithCheckpoints({ suites, checkpoints }: BenchOptions): string | null {
  const names = checkpoints.map(nameOfAddress);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) return `Two models are called ${quoted(twice)}. Leave one of them out.`;
  if (names.some((name) => name.trim() === '')) return 'The name of a model is missing.';
  return suites.includes('model') && names.length === 0 ? 'Choose at least one model.' : null;
}

function nothingLeft({ suites, ops, ranks, variants, blocks }: BenchOptions): string {
  if (!blocks.includes(1) && ops.length > 0 && ops.every(hasBlocks) && suites.includes('layers')) {
    return `Nothing can be cut into ${blocks.join(' or ')} blocks: that takes as many rows, and 2 ranks or more, whose sum they are for.`;
  }
  if (suites.join() === 'gemm' && variants.join() === 'few-rows') {
    return `The kernel few-rows takes products of at most ${FEW_ROWS} rows. Add one, or another kernel.`;
  }
  if (ops.length > 0 && suites.length < SUITES.length) {
    return `No case is left of ${ops.join(', ')} in ${suites.join(', ')}. Add its suite, or 2 ranks or more for a collective.`;
  }
  return `Collectives need 2 ranks or more; there is nothing to measure with ${ranks.join(', ')}.`;
}

function gigas(flops: number): string {
  return (flops / 1e9).toPrecision(3);
}
