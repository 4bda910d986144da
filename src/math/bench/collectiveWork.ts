/** What a rank has to do in a collective, by the way in which it is carried: nothing of it is measured. */

import { chooseAlgorithm } from '../allReduce.ts';
import type { CollectiveOp, Transport } from './record.ts';

/** Steps that follow each other, and the bytes that a rank sends in them, of a buffer of `bytes`. */
export type WorkOf = (
  op: CollectiveOp,
  worldSize: number,
  bytes: number,
) => { readonly steps: number; readonly sentBytes: number };

export const ringWork: WorkOf = (op, worldSize, bytes) => {
  const others = worldSize - 1;
  const share = others / worldSize;
  switch (op) {
    case 'all_reduce':
      return { steps: 2 * others, sentBytes: 2 * share * bytes };
    case 'reduce_scatter':
    case 'all_gather':
    case 'all_to_all':
      return { steps: others, sentBytes: share * bytes };
    case 'broadcast':
      return { steps: others, sentBytes: bytes };
    default:
      return op satisfies never;
  }
};

/** Every other rank's buffer is read whole, one after another. */
const oneShotWork: WorkOf = (op, worldSize, bytes) => {
  const others = worldSize - 1;
  return op === 'all_reduce' ? { steps: others, sentBytes: others * bytes } : ringWork(op, worldSize, bytes);
};

const autoWork: WorkOf = (op, worldSize, bytes) => {
  const oneShot = chooseAlgorithm(bytes, worldSize) === 'one-shot';
  return (oneShot ? oneShotWork : ringWork)(op, worldSize, bytes);
};

/**
 * What ranks do over a transport; null where there are no steps between them: on one device a collective is kernels. Of
 * gloo and NCCL, which choose for themselves, a ring is assumed.
 */
export function workOver(transport: Transport): WorkOf | null {
  switch (transport) {
    case 'shared-memory-one-shot':
      return oneShotWork;
    case 'shared-memory-auto':
      return autoWork;
    case 'shared-memory-ring':
    case 'shared-memory-two-shot': // as many reads, of as many bytes, from other neighbours
    case 'gloo':
    case 'nccl':
      return ringWork;
    case 'one-device':
    case 'none':
      return null;
    default:
      return transport satisfies never;
  }
}
