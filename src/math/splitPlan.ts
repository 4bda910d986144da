/**
 * Who holds which rows and columns, which products each rank computes and which collective follows. The layers
 * run this plan and the page draws it, so that picture and computation cannot disagree.
 *
 * Weights are stored `[out, in]` (PyTorch): a *column* split cuts dim 0 of what is stored, a *row* split dim 1.
 */

import { type Block, blockSize } from './matrix.ts';
import { consecutiveRanges, lengthOf, type Range, shardRange, shardRanges } from './ranges.ts';

export type Split = 'none' | 'column' | 'row' | 'pair';

export interface SplitConfig {
  readonly split: Split;
  readonly worldSize: number;
  /** Rows of X. */
  readonly m: number;
  /** Columns of X, in-features of the (first) layer. */
  readonly k: number;
  /** Out-features of the (first) layer; in a pair the hidden width between the two. */
  readonly n: number;
  readonly bias: boolean;
  /** The tutorial's bug: each rank adds the row-parallel bias before the sum, so that it counts p times. */
  readonly biasOnEveryRank: boolean;
  /** Column split only: an allGather puts the columns of Y together on every rank. */
  readonly gatherOutput: boolean;
}

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

export interface Product {
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
  readonly kind: 'all_reduce' | 'all_gather';
  /** float32 elements in the whole buffer. */
  readonly length: number;
  /** The buffer's chunks, one a rank: what travels round the ring. */
  readonly chunks: readonly Range[];
}

export interface SplitPlan {
  readonly config: SplitConfig;
  /** One product, or two in a pair. */
  readonly products: readonly Product[];
  readonly collective: CollectivePlan | null;
  /** Y `[M, out]` of the last product. */
  readonly output: { readonly rows: number; readonly cols: number };
  /** Whether every rank ends with the whole of Y. */
  readonly replicated: boolean;
}

const FLOAT_BYTES = 4;

function product(
  layer: Product['layer'],
  names: Product['names'],
  config: Pick<SplitConfig, 'worldSize' | 'm' | 'bias'>,
  inFeatures: number,
  outFeatures: number,
): Product {
  const { worldSize, m, bias } = config;
  const all = (length: number): Range => ({ start: 0, end: length });
  const shards = Array.from({ length: worldSize }, (_, rank): ProductShard => {
    const ins = layer === 'row' ? shardRange(inFeatures, worldSize, rank) : all(inFeatures);
    const outs = layer === 'column' ? shardRange(outFeatures, worldSize, rank) : all(outFeatures);
    const weights = lengthOf(ins) * lengthOf(outs);
    return {
      x: { rows: all(m), cols: ins },
      w: { rows: outs, cols: ins },
      y: { rows: all(m), cols: outs },
      flops: 2 * m * weights,
      weightBytes: FLOAT_BYTES * (weights + (bias ? lengthOf(outs) : 0)),
    };
  });
  return { layer, names, rows: m, inFeatures, outFeatures, bias, partial: layer === 'row', shards };
}

function productsOf(config: SplitConfig): Product[] {
  const { split, k, n } = config;
  const xwy = { x: 'X', w: 'W', y: 'Y' };
  switch (split) {
    case 'none':
      return [product('whole', xwy, config, k, n)];
    case 'column':
    case 'row':
      return [product(split, xwy, config, k, n)];
    case 'pair':
      return [
        product('column', { x: 'X', w: 'A', y: 'H' }, config, k, n),
        product('row', { x: 'H', w: 'B', y: 'Y' }, config, n, k),
      ];
    default:
      return split satisfies never;
  }
}

/** The plan of a configuration; any sizes ≥ 1 and any worldSize ≥ 1, divisible or not. */
export function planSplit(config: SplitConfig): SplitPlan {
  const products = productsOf(config);
  const last = products[products.length - 1];
  if (last === undefined) throw new Error('a plan has at least one product');
  const output = { rows: last.rows, cols: last.outFeatures };
  const length = output.rows * output.cols;
  let collective: CollectivePlan | null = null;
  if (last.layer === 'row') {
    collective = { kind: 'all_reduce', length, chunks: shardRanges(length, config.worldSize) };
  } else if (last.layer === 'column' && config.gatherOutput) {
    const chunks = consecutiveRanges(last.shards.map((shard) => blockSize(shard.y)));
    collective = { kind: 'all_gather', length, chunks };
  }
  return { config, products, collective, output, replicated: last.layer !== 'column' || collective !== null };
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
