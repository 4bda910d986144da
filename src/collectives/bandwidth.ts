/**
 * Bandwidths as nccl-tests defines them (doc/PERFORMANCE.md there): algBw is the buffer's bytes over the time; busBw
 * corrects it by what the collective has to move, so that it compares with the hardware's peak for any worldSize.
 */

import type { CollectiveOp } from './kinds.ts';

/** busBw ÷ algBw. Broadcast moves the buffer once; one rank moves nothing. */
export function busFactor(kind: CollectiveOp, worldSize: number): number {
  if (worldSize === 1) return 0;
  switch (kind) {
    case 'all_reduce':
      return (2 * (worldSize - 1)) / worldSize;
    case 'reduce_scatter':
    case 'all_gather':
    case 'all_to_all':
      return (worldSize - 1) / worldSize;
    case 'broadcast':
      return 1;
    default:
      return kind satisfies never;
  }
}

/** In 1e9 bytes a second. @param bytes of the whole buffer @param ms for one collective */
export function bandwidths(
  kind: CollectiveOp,
  worldSize: number,
  bytes: number,
  ms: number,
): { algBwGBs: number; busBwGBs: number } {
  const algBwGBs = bytes / ms / 1e6;
  return { algBwGBs, busBwGBs: algBwGBs * busFactor(kind, worldSize) };
}
