/** What carries data between ranks, and what they have to do for it. */

import type { Algorithm } from '../collectives/algorithm.ts';
import { ringWork, type WorkOf, workOf } from '../collectives/work.ts';
import type { Transport } from './record.ts';

/** Which algorithm sums over a transport of ours; null where ranks share no memory. */
export function algorithmOf(transport: Transport): Algorithm | 'auto' | null {
  switch (transport) {
    case 'shared-memory-ring':
      return 'ring';
    case 'shared-memory-one-shot':
      return 'one-shot';
    case 'shared-memory-two-shot':
      return 'two-shot';
    case 'shared-memory-auto':
      return 'auto';
    case 'gloo':
    case 'nccl':
    case 'rccl':
    case 'mpi':
    case 'one-device':
    case 'none':
      return null;
    default:
      return transport satisfies never;
  }
}

/**
 * What ranks do over a transport; null where there are no steps between them: on one device a collective is kernels. Of
 * gloo, NCCL, RCCL and MPI, which choose for themselves, a ring is assumed.
 */
export function workOver(transport: Transport): WorkOf | null {
  const algorithm = algorithmOf(transport);
  if (algorithm !== null) return workOf(algorithm);
  return transport === 'one-device' || transport === 'none' ? null : ringWork;
}
