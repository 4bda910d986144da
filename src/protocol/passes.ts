/** What ranks of a model tell of a pass; see protocol.ts. */

import type { Span } from '../base/trace.ts';
import type { CollectiveCost } from '../program/plan.ts';

/** A pass with all that a rank did in it. Of ranks on one device the first has what their device did. */
export interface RecordedPass {
  readonly prefill: boolean;
  /** How many were run. */
  readonly tokens: number;
  /** On the clock of the spans; of a token's pass, as its Spent has it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly spans: readonly Span[];
}

/** Where the time of a pass went on a rank. */
export interface Spent {
  /** On the clock that pages and workers share. */
  readonly startMs: number;
  /** All of it; what the parts leave is the host's own. */
  readonly ms: number;
  /** Whether the rank shares its device with all others: then the times are those of all of them together. */
  readonly shared: boolean;
  /** In operations. */
  readonly computeMs: number;
  /** Between host and device. */
  readonly readbackMs: number;
  /** Moving and adding what other ranks have, and waiting for them. */
  readonly ringMs: number;
  readonly waitMs: number;
  /** From the other ranks. */
  readonly readBytes: number;
  /** From the device to the host. Collectives of a CPU work in its memory, and copy nothing. */
  readonly readbackBytes: number;
  /** In order. */
  readonly collectives: readonly Pick<CollectiveCost, 'kind' | 'bytes'>[];
}
