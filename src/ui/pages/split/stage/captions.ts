/** The words above and below each drawn matrix, and below them all. */

import type { SplitRun } from '#lab/split/run.ts';
import type { Progress } from '#lab/split/timeline.ts';
import type { Preview } from '#numerics/preview.ts';
import type { SplitPlan } from '#program/splitPlan.ts';
import { formatCount, formatShape } from '#ui/format.ts';
import type { ShardSpan } from './axis.ts';
import type { ChunkState } from './chunks.ts';
import type { Plate, StageLayout } from './layout.ts';

export interface Caption {
  readonly name: string;
  readonly shape: string;
  readonly below: string;
}

export function captionOf(
  plan: SplitPlan,
  plate: Plate,
  progress: Progress,
  chunks: readonly ChunkState[] | null,
): Caption {
  const name = plate.kind === 'partial' ? 'partials' : plate.name;
  return {
    name,
    shape: formatShape(plate.rows.length, plate.cols.length),
    below: below(plan, plate, progress, chunks),
  };
}

function below(
  plan: SplitPlan,
  plate: Plate,
  progress: Progress,
  chunks: readonly ChunkState[] | null,
): string {
  const ranks = plan.config.worldSize;
  if (plate.kind === 'output' && chunks !== null) return outputCaption(plan, progress, chunks, ranks);
  if (plate.kind === 'partial') return 'one full-size sheet a rank';
  const notes = plate.stored ? ['dim 1: in'] : [];
  const shards = [...plate.rows.shards, ...plate.cols.shards];
  if (ranks > 1 && shards.length === 0) notes.push('on every rank');
  const empty = emptyRanks(shards);
  if (empty !== '') notes.push(empty);
  else if (ranks > 1 && shards.length > 0 && plate.kind === 'product' && plate.raised === 0)
    notes.push('one shard a rank');
  return notes.join(', ');
}

function outputCaption(
  plan: SplitPlan,
  progress: Progress,
  chunks: readonly ChunkState[],
  ranks: number,
): string {
  const sums = plan.collective?.kind === 'all_reduce';
  if (progress.ringSteps === 0) return sums ? 'waits for the sum' : 'waits for the columns';
  const fewest = Math.min(...chunks.map(({ terms }) => terms));
  if (chunks.some(({ complete }) => !complete)) return `${fewest} of ${ranks} terms added`;
  const holders = Math.min(...chunks.map((chunk) => chunk.holders.length));
  if (holders < ranks) return holders === 1 ? 'each chunk on 1 rank' : `each chunk on ${holders} ranks`;
  return progress.biased ? 'on every rank' : 'on every rank, no bias yet';
}

/** "ranks 3–7: empty" where there are more ranks than rows or columns to share. */
export function emptyRanks(shards: readonly ShardSpan[]): string {
  const empty = shards.filter(({ range }) => range.start === range.end).map(({ rank }) => rank);
  const [first, last] = [empty[0], empty.at(-1)];
  if (first === undefined || last === undefined) return '';
  return first === last ? `rank ${first}: empty` : `ranks ${first}–${last}: empty`;
}

/** What a visitor must know to read the picture: what a cell stands for, what a minus means, what is not to scale. */
export function scaleNote(run: SplitRun, layout: StageLayout): string {
  const notes: string[] = [];
  const first = run.ranks[0];
  const previews: Preview[] =
    first === undefined ? [] : [...first.products.flatMap(({ x, w, y }) => [x, w, y])];
  if (previews.every(({ exact }) => exact)) {
    notes.push('The stronger the colour, the larger the value; a bar is a minus sign.');
  } else {
    notes.push(
      'Large matrices are drawn in blocks: the stronger the colour, the larger the root mean square.',
    );
  }
  for (const { side, times } of layout.enlarged) {
    const factor = times >= 10 ? formatCount(times) : times.toFixed(1);
    notes.push(`${side} is drawn ${factor} times longer than to scale, to be seen at all.`);
  }
  return notes.join(' ');
}
