/** A chosen element of Y on its way: the chunk that it travels in, and how far its sum has come at a moment. */

import type { Cell } from '#lab/split/run.ts';
import type { Progress } from '#lab/split/timeline.ts';
import { ownerOf } from '#numerics/ranges.ts';
import { bufferIndex, type SplitPlan } from '#program/splitPlan.ts';
import { spanOf } from './axis.ts';
import { type ChunkState, outlineOf } from './chunks.ts';
import type { Plate } from './layout.ts';
import type { ProbeSum } from './probeSum.ts';

/** The chunk that an element travels in; null where nothing travels. */
export function followedChunk(plan: SplitPlan, cell: Cell | null): number | null {
  if (cell === null || plan.collective === null || plan.config.worldSize === 1) return null;
  if (cell.row >= plan.output.rows || cell.col >= plan.output.cols) return null;
  return ownerOf(plan.collective.chunks, bufferIndex(plan, cell.row, cell.col));
}

/** Where that chunk lies in a drawn matrix, as an SVG path; null where the matrix has none of it. */
export function chunkPath({ collective, products }: SplitPlan, plate: Plate, chunk: number): string | null {
  const last = products.length - 1;
  if (collective === null || plate.product !== last) return null;
  if (collective.kind === 'all_reduce') {
    const range = collective.chunks[chunk];
    if (range === undefined || (plate.kind !== 'partial' && plate.kind !== 'output')) return null;
    return outlineOf(range, plate.rows, plate.cols);
  }
  const columns = products[last]?.shards[chunk]?.y.cols;
  if (columns === undefined || (plate.kind !== 'product' && plate.kind !== 'output')) return null;
  const span = spanOf(plate.cols, columns);
  return span && `M${span.at} 0h${span.size}v${plate.rows.extent}h${-span.size}Z`;
}

/** What there is of an element at a moment. */
export interface ProbeMoment {
  /** How many of its terms are in the sum, in the order in which they are added. */
  readonly added: number;
  readonly biased: boolean;
  /** The sum so far; null before there is any. */
  readonly value: number | null;
  /** Where it stands, in a sentence; null where it is what it will stay. */
  readonly words: string | null;
}

/** @param chunk what the collective has done to the element's chunk; null where nothing travels */
export function probeMomentOf(
  plan: SplitPlan,
  sum: ProbeSum,
  progress: Progress,
  chunk: ChunkState | null,
): ProbeMoment {
  const { terms } = sum;
  const ranks = plan.config.worldSize;
  if (progress.multiplied < plan.products.length) {
    const words = terms.length > 1 ? 'No rank has a term of it yet.' : 'It is not computed yet.';
    return { added: 0, biased: false, value: null, words };
  }
  const added = chunk === null ? terms.length : Math.min(chunk.terms, terms.length);
  const biased = sum.bias === null || (progress.biased && (chunk === null || chunk.complete));
  const ends = added === terms.length && biased;
  const holders = chunk === null ? ranks : chunk.holders.length;
  const isReady = chunk === null || holders === ranks;
  const value = ends ? sum.result : (terms[added - 1]?.running ?? null);
  if (ends && isReady) return { added, biased, value, words: null };
  return { added, biased, value, words: wordsOf(sum, added, chunk, ranks) };
}

function wordsOf({ terms }: ProbeSum, added: number, chunk: ChunkState | null, ranks: number): string {
  const holders = chunk?.holders ?? [];
  if (added < terms.length) {
    if (added === 1)
      return `Each rank has its own term of it. Rank ${terms[0]?.rank}’s is the first of the sum.`;
    return `Rank ${chunk?.carrier} has ${added} of ${terms.length} terms in its sum.`;
  }
  const what = terms.length > 1 ? 'The sum of all terms' : 'The value';
  if (chunk !== null && holders.length < ranks) {
    const on = holders.length === 1 ? `rank ${holders[0]} alone` : `${holders.length} of ${ranks} ranks`;
    return `${what} is on ${on}.`;
  }
  return `${what} is ${chunk === null ? 'there' : 'on every rank'}. The bias is still to come.`;
}
