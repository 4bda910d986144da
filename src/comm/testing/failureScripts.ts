/** What ranks do in a test that must not end well, or not by itself. */

import type { Communicator } from '../communicator.ts';
import type { Case } from './scripts.ts';

export const failureScripts = {
  /** Rank `root` does not take part. */
  async missing(comm: Communicator, { length, root }: Case) {
    await comm.barrier();
    if (comm.rank === root) return [];
    await comm.allReduce(new Float32Array(length), 'sum', { algorithm: 'ring' });
    return [];
  },

  async differentLengths(comm: Communicator) {
    await comm.barrier();
    await comm.allReduce(new Float32Array(comm.rank === 1 ? 999 : 1000));
    return [];
  },

  async differentOps(comm: Communicator) {
    await comm.allReduce(new Float32Array(10), comm.rank === 0 ? 'max' : 'sum');
    return [];
  },

  async differentCollectives(comm: Communicator) {
    if (comm.rank === 0) await comm.broadcast(new Float32Array(10), 0);
    else await comm.allGather(new Float32Array(10));
    await comm.barrier();
    return [];
  },

  /** A broadcast's root is done at once; its next call must still be held against the others' present one. */
  async differentOrder(comm: Communicator) {
    const data = new Float32Array(10);
    if (comm.rank === 0) {
      await comm.broadcast(data, 0);
      await comm.allReduce(data);
    } else {
      await comm.allReduce(data);
      await comm.broadcast(data, 0);
    }
    return [];
  },

  /** Everybody thinks that it is the root. */
  async differentRoots(comm: Communicator) {
    await comm.broadcast(new Float32Array(10), comm.rank);
    return [];
  },

  async differentRootsAndLengths(comm: Communicator) {
    await comm.broadcast(new Float32Array(comm.rank === 0 ? 100_000 : 4), comm.rank === 0 ? 0 : 1);
    await comm.barrier();
    return [];
  },

  async wrongMessageLength(comm: Communicator) {
    if (comm.rank === 0) await comm.send(new Float32Array(3), 1);
    else if (comm.rank === 1) await comm.recv(new Float32Array(4), 0);
    await comm.barrier();
    return [];
  },

  async recvFromNobody(comm: Communicator) {
    await comm.barrier();
    if (comm.rank === 0) await comm.recv(new Float32Array(4), 1);
    return [];
  },

  /** A letter handed from rank to rank, from the last to the first, which the last never sends. */
  async chain(comm: Communicator) {
    await comm.barrier();
    const last = comm.worldSize - 1;
    if (comm.rank === last) return [];
    const data = new Float32Array(1);
    await comm.recv(data, comm.rank + 1);
    if (comm.rank > 0) await comm.send(data, comm.rank - 1);
    return [];
  },

  /** Rank 0 waits for a letter of rank 1, which waits for the last rank to take one; with two, rank 0 does this. */
  async chainOfKinds(comm: Communicator) {
    await comm.barrier();
    const last = comm.worldSize - 1;
    if (comm.rank === 0 && last > 1) await comm.recv(new Float32Array(1), 1);
    if (comm.rank === Math.min(1, last - 1)) {
      for (const _ of [0, 1]) await comm.send(new Float32Array(1), last);
    }
    return [];
  },

  /** Each waits for a letter of the next before it sends its own. */
  async circle(comm: Communicator) {
    const { rank, worldSize } = comm;
    await comm.recv(new Float32Array(1), (rank + 1) % worldSize);
    await comm.send(new Float32Array(1), (rank + worldSize - 1) % worldSize);
    return [];
  },

  /** All-reduces until somebody stops it. */
  async endless(comm: Communicator, { length }: Case) {
    for (;;) await comm.allReduce(new Float32Array(length), 'sum', { algorithm: 'ring' });
  },

  /** Waits for a rank 0 that never comes, until somebody stops it. */
  async stuck(comm: Communicator, { length }: Case) {
    if (comm.rank !== 0) await comm.allReduce(new Float32Array(length), 'sum', { algorithm: 'ring' });
    return [];
  },
} satisfies Record<string, (comm: Communicator, testCase: Case) => Promise<Float32Array[]>>;
