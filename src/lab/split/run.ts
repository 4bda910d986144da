/** One finished run of the Split page: what the ranks returned, and what follows from it. */

import type { Span } from '../../base/trace.ts';
import type { Check } from '../../numerics/oracle.ts';
import type { SplitPlan } from '../../program/splitPlan.ts';
import type { DeviceInfo, SplitProbe, SplitRankResult } from '../../protocol.ts';
import type { SplitParams } from './params.ts';
import type { Moment } from './timeline.ts';

/** Sums over one rank's spans, in milliseconds. */
export interface RankTimes {
  readonly upload: number;
  readonly gemm: number;
  /** The same by the GPU's own clock; null where it has no timestamps. */
  readonly gemmGpu: number | null;
  readonly readback: number;
  /** Adding the bias after the sum; where the product adds it, it is part of `gemm`. */
  readonly bias: number;
  readonly wait: number;
  readonly ring: number;
}

/** One ring step of one rank, as it happened. */
export interface RingStep {
  readonly rank: number;
  /** Index in the schedule. */
  readonly index: number;
  readonly phase: 'reduce-scatter' | 'all-gather';
  readonly from: number;
  readonly chunk: number;
  readonly bytes: number;
  readonly waitMs: number;
  readonly copyMs: number;
  /** Leading values of the chunk, in buffer order (see bufferIndex). */
  readonly before: Float32Array;
  readonly received: Float32Array;
  readonly after: Float32Array;
}

export interface SplitVerdict extends Check {
  /** Whether all ranks hold the same bits of Y; null where each holds columns of its own. */
  readonly sameBits: boolean | null;
}

export interface SplitRun {
  readonly params: SplitParams;
  readonly plan: SplitPlan;
  readonly timeline: readonly Moment[];
  readonly devices: readonly DeviceInfo[];
  readonly ranks: readonly SplitRankResult[];
  readonly spans: readonly Span[];
  /** The earliest start and the latest end among the spans. */
  readonly startMs: number;
  readonly endMs: number;
  readonly times: readonly RankTimes[];
  /** `ringSteps[index][rank]`. */
  readonly ringSteps: readonly (readonly RingStep[])[];
  /** Bytes that each rank's next neighbour read from it. */
  readonly bytesSent: readonly number[];
  readonly verdict: SplitVerdict;
}

/** An element of Y. */
export interface Cell {
  readonly row: number;
  readonly col: number;
}

/** A chosen one, with what each rank contributed. */
export interface CellProbe extends Cell {
  /** Of each rank, in rank order. */
  readonly ranks: readonly SplitProbe[];
  /** Ranks in the order in which their terms were added; just the owner where nothing is added. */
  readonly order: readonly number[];
}
