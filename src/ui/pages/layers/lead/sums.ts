/** Predicted against measured, rank by rank: the cells of the table under the verdict. */

import type { LayerRun } from '#lab/layers/run.ts';
import type { Cost } from '#program/plan.ts';
import { formatBytes, formatCount, formatFlops } from '#ui/format.ts';
import { COLLECTIVE_NAMES } from '../flow/flowWords.ts';
import { type CollectiveGroup, grouped } from './collectiveWords.ts';

export interface SumCell {
  readonly equal: boolean;
  /** One number where both are equal; else both, exactly. */
  readonly text: string;
  /** The number to the last byte. */
  readonly exact: string;
}

export interface SumColumn {
  readonly label: string;
  readonly cells: readonly SumCell[];
}

const COLUMNS: readonly {
  readonly label: string;
  readonly unit: string;
  readonly of: (cost: Cost) => number;
  readonly format: (value: number) => string;
}[] = [
  { label: 'FLOP', unit: 'FLOP', of: ({ flops }) => flops, format: formatFlops },
  { label: 'weights', unit: 'B', of: ({ weightBytes }) => weightBytes, format: formatBytes },
  { label: 'KV cache', unit: 'B', of: ({ kvBytes }) => kvBytes, format: formatBytes },
  { label: 'activations', unit: 'B', of: ({ activationBytes }) => activationBytes, format: formatBytes },
  { label: 'on the wire', unit: 'B', of: wireOf, format: formatBytes },
];

/** Bytes that a rank sends in a pass. */
export function wireOf({ collectives }: Cost): number {
  return collectives.reduce((sum, { wireBytes }) => sum + wireBytes, 0);
}

export function sumColumns({ predicted, measured }: Pick<LayerRun, 'predicted' | 'measured'>): SumColumn[] {
  return COLUMNS.map(({ label, unit, of, format }) => ({
    label,
    cells: predicted.map((cost, rank) => {
      const other = measured[rank];
      return cellOf(of(cost), other === undefined ? Number.NaN : of(other), unit, format);
    }),
  }));
}

function cellOf(planned: number, done: number, unit: string, format: (value: number) => string): SumCell {
  const exact = `${formatCount(planned)} ${unit}`;
  if (planned === done) return { equal: true, text: format(planned), exact };
  const got = Number.isNaN(done) ? 'none' : formatCount(done);
  return { equal: false, text: `predicted ${exact}, measured ${got}`, exact };
}

export interface CollectiveRow {
  readonly name: string;
  readonly bytes: number;
  readonly predicted: number;
  readonly measured: number;
}

/** Collectives of rank 0, as all ranks take part in each: how many of a kind and size were predicted and done. */
export function collectiveRows({
  predicted,
  measured,
}: Pick<LayerRun, 'predicted' | 'measured'>): CollectiveRow[] {
  const planned = grouped(predicted[0]?.collectives ?? []);
  const done = grouped(measured[0]?.collectives ?? []);
  const isLike = (a: CollectiveGroup) => (b: CollectiveGroup) => a.kind === b.kind && a.bytes === b.bytes;
  const unplanned = done.filter((group) => !planned.some(isLike(group)));
  return [...planned, ...unplanned].map((group) => ({
    name: COLLECTIVE_NAMES[group.kind],
    bytes: group.bytes,
    predicted: planned.find(isLike(group))?.count ?? 0,
    measured: done.find(isLike(group))?.count ?? 0,
  }));
}
