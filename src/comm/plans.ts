/**
 * What a collective comes to on one rank, whatever data it is called with. It is worked out once: a model asks for the same
 * a dozen times a token.
 */

import type { Algorithm } from '../collectives/algorithm.ts';
import type { CollectiveKind } from '../collectives/kinds.ts';
import { type Schedule, scheduleOf } from '../collectives/schedule.ts';
import { planSegments, type SegmentPlan, type Ticket, tickets } from '../collectives/segments.ts';
import { hashChunks } from '../group/call.ts';
import { consecutiveRanges, lengthOf, type Range, shardRanges } from '../numerics/ranges.ts';

export interface CollectivePlan {
  readonly kind: CollectiveKind;
  /** Elements of the whole buffer. */
  readonly length: number;
  readonly root: number;
  readonly schedule: Schedule;
  /** Where each chunk starts in the whole buffer. */
  readonly starts: readonly number[];
  /** Chunk boundaries, and how they go through a window. */
  readonly segments: SegmentPlan;
  readonly chunksHash: number;
  readonly tickets: readonly Ticket[];
}

interface Asked {
  readonly kind: CollectiveKind;
  readonly length: number;
  /** Of an all_reduce. */
  readonly algorithm?: Algorithm;
  /** Of a broadcast. */
  readonly root?: number;
  /** Lengths of the chunks, where the kind does not say them. */
  readonly counts?: readonly number[] | undefined;
}

/** A benchmark asks for many sizes, each for a while. */
const MOST = 64;

export class CollectivePlans {
  readonly #worldSize: number;
  readonly #rank: number;
  readonly #slotLength: number;
  readonly #known = new Map<string, CollectivePlan>();

  constructor(worldSize: number, rank: number, slotLength: number) {
    this.#worldSize = worldSize;
    this.#rank = rank;
    this.#slotLength = slotLength;
  }

  of(asked: Asked): CollectivePlan {
    const { kind, length, algorithm = 'ring', root = 0, counts } = asked;
    const key = `${kind} ${algorithm} ${root} ${length} ${counts?.join() ?? ''}`;
    let plan = this.#known.get(key);
    if (plan === undefined) {
      plan = this.#plan({ kind, length, algorithm, root, counts });
      if (this.#known.size === MOST) this.#known.clear();
      this.#known.set(key, plan);
    }
    return plan;
  }

  #plan(asked: Required<Asked>): CollectivePlan {
    const { kind, length, root } = asked;
    const chunks = chunksOf(asked, this.#worldSize);
    const schedule = scheduleOf(asked, this.#worldSize, this.#rank);
    const segments = planSegments(chunks, this.#slotLength, schedule.rounds);
    return {
      kind,
      length,
      root,
      schedule,
      starts: chunks.map(({ start }) => start),
      segments,
      chunksHash: hashChunks(chunks.map(lengthOf)),
      tickets: [...tickets(segments)],
    };
  }
}

function chunksOf({ kind, algorithm, length, counts }: Required<Asked>, worldSize: number): Range[] {
  if (counts !== undefined) return consecutiveRanges(counts);
  const isWhole = kind === 'broadcast' || kind === 'barrier' || algorithm === 'one-shot';
  return isWhole ? consecutiveRanges([length]) : shardRanges(length, worldSize);
}
