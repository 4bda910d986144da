/** What a pass of a program is given on a rank, what it gives, and how it is watched. */

import type { Tensor } from '../device/device.ts';
import type { Chosen } from '../program/routing.ts';
import type { ParallelContext } from './context.ts';
import type { RankStorage } from './RankStorage.ts';
import type { Workspace } from './Workspace.ts';

/** What a pass is given, by id: tensors, which stay the caller's; ids and targets as they are. */
export type Inputs = Readonly<Record<string, Tensor | readonly number[]>>;

/** A pass of a program on one rank. */
export interface RankPass {
  readonly context: ParallelContext;
  readonly storage: RankStorage;
  readonly inputs: Inputs;
  /** Of the first token: how many came before. */
  readonly position: number;
  readonly observer?: Observer;
  /** Of this program on this rank, where its passes are many. */
  readonly workspace?: Workspace;
}

export interface PassResult {
  /** The caller's, to be freed. */
  readonly output: Tensor;
  /** Of each mixture of experts, in order. */
  readonly chosen: readonly Chosen[];
}

/** Sees what a rank does one by one, and may wait for it. What has no elements is no work, and not seen. */
export interface Observer {
  /** Something begins. */
  begin(): void;
  /** It was enqueued, or is done where it was a collective. */
  end(done: Done): Promise<void>;
  /** Nobody needs it any more: the observer's, to be freed. */
  freed(tensor: Tensor): void;
}

export interface Done {
  readonly kind: 'op' | 'zeros' | 'upload' | 'collective';
  /** Of the step; of an upload in a loop, of what it makes. */
  readonly id: string;
  /** What it made or changed. */
  readonly result: Tensor;
  /** What a rank had before an all_reduce; null elsewhere. */
  readonly before: Float32Array | null;
}
