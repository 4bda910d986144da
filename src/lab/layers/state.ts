/** The state of the Layers page and what may be done to it. The store is in store.ts; React only reads and calls. */

import type { LabErrorCode } from '../../base/errors.ts';
import type { LayerPlan } from '../../program/plan.ts';
import type { LayerParams } from './params.ts';
import type { LayerRun, OpenedOnRanks } from './run.ts';

export interface LayersState {
  /** What the controls show, legal or not. */
  readonly params: LayerParams;
  /** Why `params` cannot run; the last good run stays on the page. */
  readonly problem: string | null;
  /** Of `params`, before anything has run; of the last legal ones while they are not. */
  readonly plan: LayerPlan;
  /** idle: nothing under way. starting: workers and devices come up. running: the ranks compute. */
  readonly phase: 'idle' | 'starting' | 'running';
  /** Why the last attempt failed; null once one succeeds. */
  readonly failure: { readonly code: LabErrorCode | 'unknown'; readonly message: string } | null;
  readonly run: LayerRun | null;
  /** Whether the ranks of `run` still live, so that tensors can be opened. */
  readonly alive: boolean;
  /** Index into `stepsOf(run.plan)`, of the step that is shown; past the end: all done. */
  readonly at: number;
  readonly playing: boolean;
  /** The id of the tensor that was chosen; and the values of the one that is shown (openedId), once the ranks have answered. */
  readonly selected: string | null;
  readonly opened: OpenedOnRanks | null;
}

export interface LayersActions {
  /** Changes parameters and, where they are legal, runs. Rapid changes are coalesced. */
  change(patch: Partial<LayerParams>): void;
  rerun(): void;
  /** Stops what is under way; the last good run stays. */
  stop(): void;
  seek(at: number): void;
  step(by: number): void;
  play(): void;
  pause(): void;
  /** Opens a tensor of the plan, or none. */
  select(id: string | null): void;
}

export type LayersStore = LayersState & LayersActions;

/** The tensor whose values are shown: the one that is selected, else the output, so that there is always something to see. */
export function openedId({ plan }: LayerRun, selected: string | null): string {
  return selected ?? plan.output;
}
