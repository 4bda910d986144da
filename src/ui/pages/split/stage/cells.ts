/** How each cell of a drawn matrix looks at a moment: whose colour it has, and what value gives it its strength. */

import type { SplitRun } from '#lab/split/run.ts';
import { type Progress, ringOf } from '#lab/split/timeline.ts';
import type { Preview } from '#numerics/preview.ts';
import { holdingsAfter } from '../ring/holdings.ts';
import type { Slot } from './axis.ts';
import { type ChunkState, chunkOf, chunkStates } from './chunks.ts';
import type { Plate } from './layout.ts';

export type CellLook =
  | { readonly state: 'waiting' }
  /** Its rank is known, its value at this moment is not: `share` of the terms are in it. */
  | { readonly state: 'flat'; readonly rank: number | null; readonly share: number }
  | { readonly state: 'value'; readonly rank: number | null; readonly value: number };

export interface Looks {
  /** The largest magnitude among the values of this matrix: full strength. */
  readonly max: number;
  readonly at: (row: Slot, col: Slot) => CellLook;
}

const WAITING: CellLook = { state: 'waiting' };

/** What the collective has done to each chunk of Y; null where nothing travels. */
export function chunksAt(run: SplitRun, ringSteps: number): ChunkState[] | null {
  const ring = ringOf(run.plan);
  return ring === null ? null : chunkStates(holdingsAfter(ring, ringSteps));
}

export function looksOf(run: SplitRun, plate: Plate, progress: Progress): Looks {
  const previews = previewsOf(run, plate, progress);
  const max = previews.reduce((most, preview) => Math.max(most, largest(preview.values)), 0);
  const valueAt = (row: Slot, col: Slot): number => {
    const preview = previews[plate.rank ?? row.rank ?? col.rank ?? 0];
    if (preview === undefined) return 0;
    const at = plate.turned
      ? col.local * preview.gridCols + row.local
      : row.local * preview.gridCols + col.local;
    return preview.values[at] ?? 0;
  };
  const value = (row: Slot, col: Slot): CellLook => ({
    state: 'value',
    rank: plate.rank ?? row.rank ?? col.rank,
    value: valueAt(row, col),
  });
  if (plate.kind === 'output') return { max, at: outputLook(run, progress, valueAt) };
  const shown = plate.kind === 'input' || plate.kind === 'weight' || progress.multiplied > plate.product;
  return { max, at: shown ? value : () => WAITING };
}

function outputLook(
  run: SplitRun,
  progress: Progress,
  valueAt: (row: Slot, col: Slot) => number,
): (row: Slot, col: Slot) => CellLook {
  const chunks = chunksAt(run, progress.ringSteps);
  if (chunks === null || progress.ringSteps === 0) return () => WAITING;
  const everywhere = progress.ringSteps === run.ringSteps.length;
  return (row, col) => {
    const chunk = chunks[chunkOf(run.plan, row, col)];
    const rank = everywhere ? null : (chunk?.carrier ?? null);
    const complete = everywhere || chunk?.complete === true;
    if (complete && progress.biased) return { state: 'value', rank, value: valueAt(row, col) };
    return { state: 'flat', rank, share: complete ? 1 : (chunk?.terms ?? 0) / chunks.length };
  };
}

/** What the ranks hold of a drawn matrix; with one rank Y is its product, and after the bias its output. */
function previewsOf(run: SplitRun, plate: Plate, progress: Progress): Preview[] {
  const isLast = plate.product === run.plan.products.length - 1;
  const ends = plate.kind === 'output' || (plate.kind === 'product' && isLast && progress.biased);
  return run.ranks.flatMap(({ products, output }, rank) => {
    const held = products[plate.product];
    if (held === undefined) return [];
    switch (plate.kind) {
      case 'input':
        return [held.x];
      case 'weight':
        return [held.w];
      case 'partial':
        return [held.y];
      case 'product':
      case 'output':
        return [ends && (plate.kind === 'output' || rank === plate.rank) ? output : held.y];
      default:
        return plate.kind satisfies never;
    }
  });
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
