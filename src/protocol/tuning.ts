/** What crosses between the tuner and its one rank; see protocol.ts. */

import type { ShapeClass } from '../tuning/shapeClass.ts';
import type { Tuned, TuningKey } from '../tuning/table.ts';

/** The rank program that times kernels; see rank/programs/tuning/tuning.rank.ts. */
export interface TuningProgram {
  /** Opens the GPU, before all else. */
  open(): Promise<TuningAdapter>;
  tune(cls: ShapeClass, options: TuningTask): Promise<Tuned>;
}

export interface TuningAdapter {
  readonly key: TuningKey;
  /** For people. */
  readonly label: string;
  /** Whether it is emulated on the CPU. */
  readonly software: boolean;
}

export interface TuningTask {
  /** Milliseconds for comparing and timing. */
  readonly budgetMs: number;
  /** Whether all kernels are timed to the end, to tell how good the shorter race is. */
  readonly exhaustive?: boolean;
}
