/** What the Split page draws of its program: the products with each rank's part of them, and the collective that follows. */

import { bytesOf } from '../numerics/dtype.ts';
import type { Block } from '../numerics/matrix.ts';
import { consecutiveRanges, lengthOf, type Range } from '../numerics/ranges.ts';
import { linearFlops } from '../operations/costs.ts';
import { type CollectiveStep, type OpStep, type Program, stepsOf, type Value } from './program.ts';
import { type SplitConfig, splitProgram } from './split.ts';

/** One rank's part of `y = x·Wᵀ`. */
export interface ProductShard {
  /** Of X `[M, in]`. */
  readonly x: Block;
  /** Of the stored weight `[out, in]`. */
  readonly w: Block;
  /** Of Y `[M, out]`. */
  readonly y: Block;
  /** Two per multiply-add, as everyone counts them. */
  readonly flops: number;
  /** Weight and bias, float32. */
  readonly weightBytes: number;
}

export interface PlannedProduct {
  readonly layer: 'whole' | 'column' | 'row';
  /** What the page and the docs call these three: X·W = Y, or X·A = H then H·B = Y in a pair. */
  readonly names: { readonly x: string; readonly w: string; readonly y: string };
  readonly rows: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: boolean;
  /** Every rank's output is full size and has to be summed. */
  readonly partial: boolean;
  readonly shards: readonly ProductShard[];
}

export interface CollectivePlan {
  readonly kind: CollectiveStep['collective'];
  /** float32 elements in the whole buffer. */
  readonly length: number;
  /** The buffer's chunks, one a rank: what travels round the ring. */
  readonly chunks: readonly Range[];
}

export interface SplitPlan {
  readonly config: SplitConfig;
  /** One product, or two in a pair. */
  readonly products: readonly PlannedProduct[];
  readonly collective: CollectivePlan | null;
  /** Y `[M, out]` of the last product. */
  readonly output: { readonly rows: number; readonly cols: number };
  /** Whether every rank ends with the whole of Y. */
  readonly replicated: boolean;
}

/** The plan of a configuration; any sizes ≥ 1 and any worldSize ≥ 1, divisible or not. */
export function planSplit(config: SplitConfig): SplitPlan {
  const program = splitProgram(config);
  const steps = stepsOf(program);
  const products = steps
    .filter((step) => step.kind === 'op')
    .filter(({ op }) => op === 'linear')
    .map((step) => productOf(program, step));
  const last = products[products.length - 1];
  if (last === undefined) throw new Error('a program of the Split page has a product');
  const collective = steps.find((step) => step.kind === 'collective');
  return {
    config,
    products,
    collective: collective === undefined ? null : collectivePlan(collective),
    output: { rows: last.rows, cols: last.outFeatures },
    replicated: program.output.placement.kind === 'replicated',
  };
}

function collectivePlan({ collective, length, counts }: CollectiveStep): CollectivePlan {
  return { kind: collective, length, chunks: consecutiveRanges(counts) };
}

function productOf(program: Program, { args, output }: OpStep): PlannedProduct {
  const [x, w, y] = [args[0], args[1], output] as [Value, Value, Value];
  const weight = storedAs(program, w.id);
  const bias = storedAs(program, w.id.replace('.weight', '.bias'));
  const partial = y.placement.kind === 'partial';
  const shards = Array.from({ length: program.worldSize }, (_, rank): ProductShard => {
    const [rows = 0, into = 0] = x.shapes[rank] ?? [];
    const [out = 0] = w.shapes[rank] ?? [];
    const [part] = weight?.parts(rank) ?? [];
    const cols = part?.cols ?? { start: 0, end: into };
    return {
      x: { rows: { start: 0, end: rows }, cols },
      w: { rows: part?.rows ?? { start: 0, end: out }, cols },
      y: { rows: { start: 0, end: rows }, cols: part?.rows ?? { start: 0, end: out } },
      flops: linearFlops(rows, into, out),
      weightBytes: bytesOf(into * out + (bias?.value.shapes[rank]?.[0] ?? 0), 'f32'),
    };
  });
  const { placement } = w;
  return {
    layer: placement.kind === 'sharded' ? (placement.dim === 0 ? 'column' : 'row') : 'whole',
    names: { x: x.label, w: w.label, y: partial ? 'Y' : y.label },
    rows: program.tokens,
    inFeatures: Math.max(...shards.map(({ w: { cols } }) => cols.end)),
    outFeatures: Math.max(...shards.map(({ w: { rows } }) => rows.end)),
    bias: bias !== undefined,
    partial,
    shards,
  };
}

function storedAs({ storage }: Program, id: string) {
  return storage.filter((stored) => stored.kind === 'weight').find(({ value }) => value.id === id);
}

/**
 * The index in the collective's buffer of element (row, col) of Y. An allReduce sums Y as it lies; an allGather
 * receives one rank's columns after another's.
 */
export function bufferIndex(plan: SplitPlan, row: number, col: number): number {
  const { output, products, collective } = plan;
  const shards = products[products.length - 1]?.shards ?? [];
  if (collective?.kind !== 'all_gather') return row * output.cols + col;
  const owner = shards.findIndex((shard) => col >= shard.y.cols.start && col < shard.y.cols.end);
  const cols = shards[owner]?.y.cols ?? { start: 0, end: output.cols };
  return (collective.chunks[owner]?.start ?? 0) + row * lengthOf(cols) + (col - cols.start);
}
