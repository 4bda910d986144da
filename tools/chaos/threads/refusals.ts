/** Calls that a communicator must refuse, each with a LabError `input`, and that must leave no trace in the group. */

import type { ReduceOp } from '../../../src/collectives/kinds.ts';
import type { Communicator } from '../../../src/comm/communicator.ts';

const data = (length = 3): Float32Array => new Float32Array(length);
const counts = (comm: Communicator, value: number): number[] => Array(comm.worldSize).fill(value);

export const REFUSALS = {
  'broadcast from nobody': (comm: Communicator) => comm.broadcast(data(), comm.worldSize),
  'broadcast from −1': (comm: Communicator) => comm.broadcast(data(), -1),
  'broadcast from half a rank': (comm: Communicator) => comm.broadcast(data(), 0.5),
  'broadcast from NaN': (comm: Communicator) => comm.broadcast(data(), Number.NaN),
  'send to itself': (comm: Communicator) => comm.send(data(), comm.rank),
  'send past the end': (comm: Communicator) => comm.send(data(), comm.worldSize),
  'send to NaN': (comm: Communicator) => comm.send(data(), Number.NaN),
  'receive from itself': (comm: Communicator) => comm.recv(data(), comm.rank),
  'receive from −1': (comm: Communicator) => comm.recv(data(), -1),
  'an op that is none': (comm: Communicator) => comm.allReduce(data(), 'median' as ReduceOp),
  'an algorithm that is none': (comm: Communicator) =>
    comm.allReduce(data(), 'sum', { algorithm: 'tree' as 'ring' }),
  'counts that are too few': (comm: Communicator) => comm.reduceScatter(data(), 'sum', []),
  'counts of NaN': (comm: Communicator) => comm.reduceScatter(data(), 'sum', counts(comm, Number.NaN)),
  'counts that add up to more': (comm: Communicator) => comm.reduceScatter(data(), 'sum', counts(comm, 4)),
  'negative counts': (comm: Communicator) => comm.allGather(data(), counts(comm, -3)),
  'counts of another shard': (comm: Communicator) => comm.allGather(data(), counts(comm, 4)),
  'no room for the chunk': (comm: Communicator) =>
    comm.reduceScatter(data(), 'sum', undefined, data(comm.worldSize + 9)),
  'no room for the shards': (comm: Communicator) => comm.allGather(data(), undefined, data(1)),
  'no room for the exchange': (comm: Communicator) => comm.allToAll(data(), data(1000)),
} satisfies Record<string, (comm: Communicator) => Promise<unknown>>;

export type RefusalName = keyof typeof REFUSALS;
