/** How a pass is watched while it runs. */

import type { Tensor } from '../device/device.ts';

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
