/** Which algorithm sums a buffer over all ranks: the communicator asks here, and the cost model that predicts it. */

import type { CollectiveKind } from './kinds.ts';

/**
 * ring: 2(n−1) small steps between neighbours. one-shot: each rank sums all windows whole. two-shot: each rank sums its
 * chunk from all windows and writes the sum into them.
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
 * The allReduce that is quickest for a buffer of this size. One-shot has one round of waits in place of two, and reads n
 * times the bytes. The ring has two-shot's bytes in 2(n−1) rounds between neighbours, and reads each sum from memory once
 * more. Where `npm run bench -- --ops all_reduce --algorithms ring,one-shot,two-shot` measures 2, 4 and 8 CPU ranks on two
 * cores, the ring is ahead at no size; two-shot is at every size of two ranks, which write both of a sum's places at once,
 * and of more from 64 KiB on.
 */
export function chooseAlgorithm(bytes: number, worldSize: number): Algorithm {
  return worldSize !== 2 && bytes <= ONE_SHOT_MAX_BYTES ? 'one-shot' : 'two-shot';
}

const ONE_SHOT_MAX_BYTES = 64 * 1024;
