/** What a rank has to do in a collective: nothing of it is measured. */

import { type Algorithm, chooseAlgorithm } from './algorithm.ts';
import type { CollectiveKind, LayerCollective } from './kinds.ts';

/** Steps that follow each other, and the bytes that a rank sends in them, of a buffer of `bytes`. */
export type WorkOf = (
  kind: CollectiveKind,
  worldSize: number,
  bytes: number,
) => { readonly steps: number; readonly sentBytes: number };

export const ringWork: WorkOf = (kind, worldSize, bytes) => {
  const others = worldSize - 1;
  const share = others / worldSize;
  switch (kind) {
    case 'all_reduce':
      return { steps: 2 * others, sentBytes: 2 * share * bytes };
    case 'reduce_scatter':
    case 'all_gather':
    case 'all_to_all':
      return { steps: others, sentBytes: share * bytes };
    case 'broadcast':
      return { steps: others, sentBytes: bytes };
    case 'barrier':
      return { steps: others, sentBytes: 0 };
    default:
      return kind satisfies never;
  }
};

/** Every other rank's buffer is read whole, one after another. */
const oneShotWork: WorkOf = (kind, worldSize, bytes) => {
  const others = worldSize - 1;
  return kind === 'all_reduce'
    ? { steps: others, sentBytes: others * bytes }
    : ringWork(kind, worldSize, bytes);
};

const autoWork: WorkOf = (kind, worldSize, bytes) =>
  workOf(chooseAlgorithm(bytes, worldSize))(kind, worldSize, bytes);

/** What is done where all_reduces are by this algorithm. Two-shot has the ring's steps and bytes, from other neighbours. */
export function workOf(algorithm: Algorithm | 'auto'): WorkOf {
  if (algorithm === 'auto') return autoWork;
  return algorithm === 'one-shot' ? oneShotWork : ringWork;
}

/** A collective, as far as it says who reads what. */
export interface CollectiveSizes {
  readonly collective: LayerCollective;
  /** Elements of the whole buffer. */
  readonly length: number;
  /** Those of its chunks, one a rank. */
  readonly counts: readonly number[];
}

/**
 * Elements that come to `rank` from others: what its previous neighbour sends in a ring; each other one's whole buffer in one
 * shot; in two, its own chunk of each other one's buffer, and then the sums of the others.
 */
export function readsOf(sizes: CollectiveSizes, rank: number, algorithm: Algorithm): number {
  const { collective, length, counts } = sizes;
  const others = counts.length - 1;
  if (others === 0) return 0;
  const own = counts[rank] ?? 0;
  if (collective === 'all_reduce' && algorithm === 'one-shot') return others * length;
  if (collective === 'all_reduce' && algorithm === 'two-shot') return others * own + (length - own);
  return ringSends(sizes, (rank + others) % counts.length);
}

/**
 * Elements that `rank` sends in a ring: to reduce and scatter, every chunk but its own; to gather, every chunk but its
 * next neighbour's, who has it (see schedule.ts).
 */
export function ringSends({ collective, length, counts }: CollectiveSizes, rank: number): number {
  if (counts.length === 1) return 0;
  const scatter = length - (counts[rank] ?? 0);
  const gather = length - (counts[(rank + 1) % counts.length] ?? 0);
  switch (collective) {
    case 'all_reduce':
      return scatter + gather;
    case 'reduce_scatter':
      return scatter;
    case 'all_gather':
      return gather;
    default:
      return collective satisfies never;
  }
}
