/** What a rank holds, computes and sends, as the plan has it: of the small copy that runs, and of the layer as published. */

import type { Pass } from '#program/configs.ts';
import type { LayerSpec } from '#program/layers.ts';
import { type Cost, costOf, type LayerPlan } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import { formatBytes, formatFlops, formatSpan } from '#ui/format.ts';

export interface Total {
  readonly label: string;
  /** "64 KiB", or "64–72 KiB" where ranks differ. */
  readonly text: string;
}

const ROWS: readonly {
  readonly label: string;
  readonly of: (cost: Cost) => number;
  readonly format: (value: number) => string;
}[] = [
  { label: 'weights', of: ({ weightBytes }) => weightBytes, format: formatBytes },
  { label: 'KV cache', of: ({ kvBytes }) => kvBytes, format: formatBytes },
  { label: 'activations', of: ({ activationBytes }) => activationBytes, format: formatBytes },
  { label: 'FLOPs', of: ({ flops }) => flops, format: formatFlops },
  {
    label: 'sent',
    of: ({ collectives }) => collectives.reduce((sum, { wireBytes }) => sum + wireBytes, 0),
    format: formatBytes,
  },
];

export function totalsOf(plan: LayerPlan): Total[] {
  const costs = Array.from({ length: plan.worldSize }, (_, rank) => costOf(plan, rank));
  return ROWS.map(({ label, of, format }) => ({ label, text: formatSpan(costs.map(of), format) }));
}

/** Of a layer that is planned only. */
export function totalsOfSpec(spec: LayerSpec, worldSize: number, pass: Pass): Total[] {
  return totalsOf(planLayer(spec, worldSize, pass));
}
