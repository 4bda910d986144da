/** One finished run of the Layers page: what the plan said, what the ranks did, and where they part. */

import type { Span } from '../../base/trace.ts';
import type { Difference } from '../../program/compare.ts';
import type { LayerSpec } from '../../program/layers.ts';
import type { Cost, LayerPlan } from '../../program/plan.ts';
import type { DeviceInfo, LayerCheck, LayerRankResult, OpenedTensor } from '../../protocol.ts';
import type { LayerParams } from './params.ts';

/** What a step of the plan took on one rank: the sum over its runs, if they are several. */
export interface MeasuredStep {
  readonly ms: number;
  /** By the GPU's own clock; null where it has none. */
  readonly gpuMs: number | null;
  /** Of a collective: the part of `ms` in which the rank waited for others. */
  readonly waitMs: number;
}

export interface LayerVerdict {
  /** Every step and every sum was as the plan said, on every rank. */
  readonly asPlanned: boolean;
  readonly steps: readonly Difference[];
  /** Sums that were not, in words that name the rank. */
  readonly sums: readonly string[];
  /** Against the unsplit layer on one CPU rank. */
  readonly check: LayerCheck;
  /** Whether all ranks hold the same bits of the output; null where each holds tokens of its own. */
  readonly sameBits: boolean | null;
}

export interface LayerRun {
  readonly params: LayerParams;
  readonly spec: LayerSpec;
  /** Of this run: with the experts that the gate chose. */
  readonly plan: LayerPlan;
  readonly devices: readonly DeviceInfo[];
  readonly ranks: readonly LayerRankResult[];
  /** Of the pass in which one thing was done at a time. */
  readonly spans: readonly Span[];
  readonly startMs: number;
  readonly endMs: number;
  /** `times.get(step.id)?.[rank]`; absent where the step did not run on any rank. */
  readonly times: ReadonlyMap<string, readonly MeasuredStep[]>;
  readonly predicted: readonly Cost[];
  readonly measured: readonly Cost[];
  /** The slowest rank's pass in one go. */
  readonly oneGoMs: number;
  /** Of all ranks, in it. */
  readonly oneGoSpans: readonly Span[];
  readonly verdict: LayerVerdict;
}

/** What the picture of a pass is drawn from: what was planned, how long each step took, and where it was otherwise. */
export interface PictureRun {
  readonly plan: LayerPlan;
  readonly times: LayerRun['times'];
  readonly verdict: Pick<LayerVerdict, 'steps' | 'sums'>;
}

/** A tensor of the plan, opened on every rank; null where a rank has none of it. */
export interface OpenedOnRanks {
  readonly id: string;
  readonly ranks: readonly (OpenedTensor | null)[];
}
