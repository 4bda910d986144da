/** What a pass of a program is given on a rank, and what it gives. */

import type { Tensor } from '../device/device.ts';
import type { Chosen } from '../program/routing.ts';
import type { ParallelContext } from './context.ts';
import type { Observer } from './observer.ts';
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
