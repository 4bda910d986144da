/** Which algorithm sums a buffer over all ranks: the communicator asks here, and the cost model that predicts it. */

import type { CollectiveKind } from './kinds.ts';

/**
 * ring: 2(n−1) small steps between neighbours. one-shot: each rank sums all windows whole. two-shot: each rank sums its
 * chunk from all windows, then reads the other sums.
 */
export const ALGORITHMS = ['ring', 'one-shot', 'two-shot'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** What carries a collective: an algorithm over shared memory, or the one device that all ranks share. */
export type Carrier = Algorithm | 'one-device';

/**
 * What carries a collective of so many bytes over so many ranks.
 * @param asked of every all_reduce; the others go round the ring, unless all ranks are on one device
 */
export function carrierOf(
  kind: CollectiveKind,
  bytes: number,
  worldSize: number,
  asked: Carrier | 'auto',
): Carrier {
  if (asked === 'one-device') return asked;
  if (kind !== 'all_reduce') return 'ring';
  return asked === 'auto' ? chooseAlgorithm(bytes, worldSize) : asked;
}

/**
 * The allReduce that is quickest for a buffer of this size. One-shot has the fewest waits but reads n times the
 * bytes; two-shot has two rounds of waits; the ring has 2(n−1), but only between neighbours, and where it sums in place one
 * more, until nobody reads the sum. Two ranks read no more in one shot than in the ring, so that they take it for longer.
 * The limits are where `npm run bench -- --ops all_reduce --algorithms ring,one-shot,two-shot` has 2, 4 and 8 CPU ranks
 * change places.
 */
export function chooseAlgorithm(bytes: number, worldSize: number): Algorithm {
  if (worldSize === 2) return bytes <= TWO_RANKS_ONE_SHOT_MAX_BYTES ? 'one-shot' : 'ring';
  if (worldSize < 2 || bytes > TWO_SHOT_MAX_BYTES) return 'ring';
  return bytes <= ONE_SHOT_MAX_BYTES ? 'one-shot' : 'two-shot';
}

const TWO_RANKS_ONE_SHOT_MAX_BYTES = 64 * 1024;
const ONE_SHOT_MAX_BYTES = 16 * 1024;
const TWO_SHOT_MAX_BYTES = 1024 * 1024;
