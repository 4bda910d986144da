/** The state of the Split page and what may be done to it. The store is in store.ts; React only reads and calls. */

import type { LabErrorCode } from '../../base/errors.ts';
import type { SplitParams } from './params.ts';
import type { CellProbe, SplitRun } from './run.ts';

export interface Cell {
  readonly row: number;
  readonly col: number;
}

export interface SplitState {
  /** What the controls show, legal or not. */
  readonly params: SplitParams;
  /** Why `params` cannot run; the last good run stays on the page. */
  readonly problem: string | null;
  /** idle: nothing under way. starting: workers and devices come up. running: the ranks compute. */
  readonly phase: 'idle' | 'starting' | 'running';
  /** Why the last attempt failed; null once one succeeds. */
  readonly failure: { readonly code: LabErrorCode | 'unknown'; readonly message: string } | null;
  readonly run: SplitRun | null;
  /** Whether the ranks of `run` still live, so that they can be asked for numbers. */
  readonly alive: boolean;
  /** Index into `run.timeline`: where the scrubber stands. */
  readonly at: number;
  readonly playing: boolean;
  /** The element of Y that is pointed at, and the numbers behind it once the ranks have answered. */
  readonly cell: Cell | null;
  readonly probe: CellProbe | null;
}

export interface SplitActions {
  /** Changes parameters and, where they are legal, runs. Rapid changes are coalesced. */
  change(patch: Partial<SplitParams>): void;
  /** Runs the present parameters once more. */
  rerun(): void;
  /** Stops what is under way; the last good run stays. */
  stop(): void;
  seek(at: number): void;
  step(by: number): void;
  play(): void;
  pause(): void;
  /** Points at an element of Y, or at none. */
  point(cell: Cell | null): void;
}

export type SplitStore = SplitState & SplitActions;
