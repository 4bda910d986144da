/** What crosses between the benchmark and its ranks; see protocol.ts. */

import type { BenchCase } from '../bench/record.ts';
import type { ModelTask } from '../protocol.ts';

/** The rank program of the benchmark; see rank/programs/bench/bench.rank.ts. One case at a time: prepare, iterate, check, release. */
export interface BenchProgram {
  /** Fetches some of a model's weights, for cases of it that follow. To be called until all ranks have theirs. */
  load(one: BenchCase, task: ModelTask): Promise<boolean>;
  /** Makes the inputs, and runs once untimed. */
  prepare(task: BenchTask): Promise<BenchPrepared>;
  /**
   * Times the case so often, each time begun by all ranks together.
   * @param runs how many runs are enqueued one after another, and waited for once, each time
   */
  iterate(count: number, runs: number): Promise<BenchBatch>;
  check(): Promise<BenchCheck>;
  release(): Promise<void>;
}

export interface BenchTask {
  readonly case: BenchCase;
  readonly seed: number;
}

export interface BenchPrepared {
  /** Of one run, on this rank; on all of them where they share a device. */
  readonly flops: number;
  /** How many runs may be enqueued at once. */
  readonly atOnce: number;
  /** So long an iteration has to be, of as many runs as it takes: else it is the clock or a wait that is measured. */
  readonly iterationMs: number;
}

export interface BenchBatch {
  /** Of a run on this rank, in milliseconds: a mean over those that were enqueued together. */
  readonly elapsedMs: readonly number[];
  /** Sums of such means over the batch: in kernels, in moving data between devices and ranks, in waiting for other ranks. */
  readonly computeMs: number;
  readonly commMs: number;
  readonly waitMs: number;
}

export interface Checked {
  readonly maxAbsError: number;
  /** Elements on this rank that are not what they have to be. */
  readonly wrong: number;
  /** Of a product whose weight is stored in fewer bits than float32; left out elsewhere. */
  readonly rounding?: Rounding;
}

/** What a product owes to how its weight is stored: y beside the exact one of the weight in float32. */
export interface Rounding {
  readonly maxAbsError: number;
  /** √(Σ error² ÷ Σ y²). */
  readonly relativeRms: number;
}

export interface BenchCheck extends Checked {
  /** Of a product: the kernel that made it. '' where it is not told. */
  readonly variant: string;
}
