/**
 * Everything that crosses between page and ranks. Comlink carries of an Error only its message, name and stack,
 * and never settles a call to a dead worker: so failures cross as values, and the page keeps its own deadlines.
 */

import type { LabErrorCode } from './base/errors.ts';
import type { Span } from './base/trace.ts';
import type { DeviceInfo, DeviceKind } from './device/device.ts';
import type { Check } from './math/oracle.ts';
import type { Preview } from './math/preview.ts';
import type { SplitConfig } from './math/splitPlan.ts';

export type { DeviceInfo, DeviceKind } from './device/device.ts';
export type DeviceChoice = DeviceKind | 'auto';

export interface Failure {
  readonly code: LabErrorCode | 'unknown';
  readonly message: string;
  /** The rank that is to blame, which need not be the one that reports. */
  readonly rank: number;
  readonly stack?: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export interface RankInit {
  readonly rank: number;
  /** The group memory; see comm/memory.ts. It also says worldSize. */
  readonly memory: WebAssembly.Memory;
  readonly device: DeviceChoice;
  /** How long a rank waits for another before it gives up. */
  readonly timeoutMs: number;
}

/** What a worker exposes through Comlink; see rank/serve.ts. */
export interface RankHost {
  init(init: RankInit): Promise<Outcome<DeviceInfo>>;
  /** Arguments lie at the top level, where Comlink.transfer and Comlink.proxy work. */
  call(method: string, ...args: readonly unknown[]): Promise<Outcome<unknown>>;
  trace(): Promise<Outcome<{ spans: Span[]; dropped: number }>>;
}

/** The rank program of the Split page; see rank/programs/split.ts. */
export interface SplitProgram {
  /** Computes the plan of `config` on matrices drawn from `seed`, and keeps what it needs for `probe`. */
  run(config: SplitConfig, seed: number): Promise<SplitRankResult>;
  /** The numbers behind element (row, col) of Y in the last run. */
  probe(row: number, col: number): Promise<SplitProbe>;
}

export interface SplitRankResult {
  readonly rank: number;
  /** What this rank held of each product, in the order of the plan. w is as stored, `[out, in]`. */
  readonly products: readonly { readonly x: Preview; readonly w: Preview; readonly y: Preview }[];
  /** Y as this rank holds it in the end: whole, or its columns. */
  readonly output: Preview;
  /** A hash of the bits of that Y. */
  readonly outputHash: string;
  /** Its columns of Y (see shardRange) against the unsplit product in float64. */
  readonly check: Check;
}

export interface SplitProbe {
  readonly rank: number;
  /** This rank's term of the sum (its partial), or its element where nothing is summed; null where it has none. */
  readonly term: number | null;
  /** The leading values of this rank's part of the row of X and of the column of W, and how many there are. */
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly count: number;
  /** The bias of the column, where it is added after the sum; null where it is not, or is part of the term. */
  readonly bias: number | null;
  /** The element of Y that this rank holds in the end; null where it holds none. */
  readonly result: number | null;
  /** The unsplit product in float64, from the rank whose columns hold it; null from the others. */
  readonly expected: number | null;
}
