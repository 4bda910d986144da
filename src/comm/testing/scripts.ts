/**
 * What a rank does in a test of the collectives. The same scripts run in Node's worker threads and in Web Workers;
 * the tests choose one by name. Inputs are small integers, so that any order of addition gives the same bits.
 */

import type { Algorithm } from '../../collectives/algorithm.ts';
import type { ReduceOp } from '../../collectives/kinds.ts';
import { hash32 } from '../../numerics/random.ts';
import type { Communicator } from '../communicator.ts';

/** Element i of rank r's input: an integer in 1 … 5, so that products of 8 stay exact too. */
function input(rank: number, i: number): number {
  return (hash32(rank + 1, i) % 5) + 1;
}

export function inputs(rank: number, length: number): Float32Array {
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = input(rank, i);
  return data;
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
/** What the first rank brings and what the last. */
const meetings = [
  [nan, 1],
  [1, nan],
  [nan, nan],
  [nan, inf],
  [-inf, nan],
  [inf, -inf],
  [inf, inf],
  [-inf, 2],
  [0, -0],
  [-0, -0],
  [1e-40, 2],
  [3e38, 3e38],
] as const;

/** Special values on the first and on the last rank, and between them 1, in each chunk of any number of ranks. */
export function specials(rank: number, worldSize: number): Float32Array {
  return Float32Array.from({ length: 8 * meetings.length }, (_, i) => {
    const [first, last] = meetings[i % meetings.length] ?? [1, 1];
    if (rank === 0) return first;
    return rank === worldSize - 1 ? last : 1;
  });
}

/** NaNs that are told apart by their bits, and are not to be changed on their way. */
export function payloads(rank: number): Float32Array {
  return new Float32Array(Uint32Array.of(0x7fc00001 + rank, 0xffc12345, 0x7f800000, 0x80000000, 1).buffer);
}

export interface Case {
  readonly length: number;
  readonly op: ReduceOp;
  readonly algorithm: Algorithm | 'auto';
  /** Put the data in the rank's arena, and give a place there for a result of its own. */
  readonly inArena: boolean;
  readonly root: number;
  readonly counts?: readonly number[];
}

function buffer(comm: Communicator, values: Float32Array, inArena: boolean): Float32Array {
  const data = inArena ? comm.arena.allocate(values.length) : new Float32Array(values.length);
  if (data === null) throw new Error('the arena is full');
  data.set(values);
  return data;
}

/** For a result, with something else in it. */
function place(comm: Communicator, length: number): Float32Array {
  return buffer(comm, new Float32Array(length).fill(-7), true);
}

export const scripts = {
  /** Twice in a row with nothing between, the second on other numbers; returns both results. */
  async allReduce(comm: Communicator, { length, op, algorithm, inArena }: Case) {
    const first = buffer(comm, inputs(comm.rank, length), inArena);
    const second = buffer(comm, inputs(comm.rank + 100, length), inArena);
    await comm.allReduce(first, op, { algorithm });
    const kept = first.slice();
    first.fill(-7); // what a caller may do at once, while slower ranks still read
    await comm.allReduce(second, op, { algorithm });
    return [kept, second.slice()];
  },

  /** Numbers whose sum depends on the order of addition; all ranks must still agree. */
  async allReduceInexact(comm: Communicator, { length, algorithm, inArena }: Case) {
    const values = Float32Array.from(
      { length },
      (_, i) => (hash32(comm.rank, i) / 2 ** 32 - 0.5) * 10 ** (i % 7),
    );
    const data = buffer(comm, values, inArena);
    await comm.allReduce(data, 'sum', { algorithm });
    return [data.slice()];
  },

  async allReduceSpecial(comm: Communicator, { op, algorithm, inArena }: Case) {
    const data = buffer(comm, specials(comm.rank, comm.worldSize), inArena);
    await comm.allReduce(data, op, { algorithm });
    return [data.slice()];
  },

  async reduceScatterSpecial(comm: Communicator, { op }: Case) {
    return [await comm.reduceScatter(specials(comm.rank, comm.worldSize), op)];
  },

  /** All gather; everybody has rank `root`'s; from each to each. */
  async copySpecial(comm: Communicator, { root }: Case) {
    const own = payloads(comm.rank);
    const gathered = await comm.allGather(own);
    await comm.broadcast(own, root);
    const counts = Array.from({ length: comm.worldSize }, () => payloads(comm.rank).length);
    const toEach = await comm.allToAll(await comm.allGather(payloads(comm.rank), counts));
    return [gathered, own, toEach];
  },

  async reduceScatter(comm: Communicator, { length, op, counts, inArena }: Case) {
    const data = buffer(comm, inputs(comm.rank, length), inArena);
    const first = await comm.reduceScatter(data, op, counts);
    const out = inArena ? place(comm, first.length) : undefined;
    return [first, (await comm.reduceScatter(data, op, counts, out)).slice()];
  },

  async allGather(comm: Communicator, { length, counts, inArena }: Case) {
    const own = counts?.[comm.rank] ?? length;
    const total = counts?.reduce((sum, count) => sum + count, 0) ?? length * comm.worldSize;
    const out = inArena ? place(comm, total) : undefined;
    const first = await comm.allGather(buffer(comm, inputs(comm.rank, own), inArena), counts, out);
    const kept = first.slice();
    first.fill(-7);
    return [kept, (await comm.allGather(inputs(comm.rank + 100, own), counts, out)).slice()];
  },

  async broadcast(comm: Communicator, { length, root, inArena }: Case) {
    const first = buffer(comm, inputs(comm.rank, length), inArena);
    const second = buffer(comm, inputs(comm.rank + 100, length), inArena);
    await comm.broadcast(first, root);
    await comm.broadcast(second, root);
    return [first.slice(), second.slice()];
  },

  async allToAll(comm: Communicator, { length, inArena }: Case) {
    const data = buffer(comm, inputs(comm.rank, length), inArena);
    const first = await comm.allToAll(data);
    data.set(inputs(comm.rank + 100, length)); // while slower ranks still read
    const out = inArena ? place(comm, first.length) : undefined;
    return [first, (await comm.allToAll(data, out)).slice()];
  },

  /** Everybody sends to everybody, then receives from everybody, twice. */
  async sendRecv(comm: Communicator, { length }: Case) {
    const received: Float32Array[] = [];
    for (const _ of [0, 1]) {
      for (let to = 0; to < comm.worldSize; to++)
        if (to !== comm.rank) await comm.send(inputs(comm.rank, length), to);
      for (let from = 0; from < comm.worldSize; from++) {
        if (from === comm.rank) continue;
        const data = new Float32Array(length);
        await comm.recv(data, from);
        received.push(data);
      }
    }
    return received;
  },

  /** A message longer than a letter, passed round the ring from rank 0 and back to it. */
  async relay(comm: Communicator, { length }: Case) {
    const previous = (comm.rank + comm.worldSize - 1) % comm.worldSize;
    const next = (comm.rank + 1) % comm.worldSize;
    const data = inputs(0, length);
    if (comm.rank === 0) await comm.send(data, next);
    data.fill(0);
    await comm.recv(data, previous);
    if (comm.rank !== 0) await comm.send(data, next);
    return [data];
  },

  /** A random but common sequence of different collectives, as a model would make. */
  async mixture(comm: Communicator, { length: rounds }: Case) {
    const results: Float32Array[] = [];
    for (let i = 0; i < rounds; i++) {
      const length = hash32(7, i) % 3000;
      // Each rank decides for itself where its data lies.
      const data = buffer(comm, inputs(comm.rank, length), hash32(comm.rank, i) % 2 === 0);
      const out = hash32(comm.rank, i) % 3 === 0 ? place(comm, length) : new Float32Array(length);
      const kind = hash32(8, i) % 7;
      if (kind === 0) await comm.allReduce(data, 'sum', { algorithm: 'ring' });
      else if (kind === 1) await comm.allReduce(data, 'sum', { algorithm: 'one-shot' });
      else if (kind === 2) await comm.allReduce(data, 'sum', { algorithm: 'two-shot' });
      else if (kind === 3) await comm.broadcast(data, i % comm.worldSize);
      else if (kind === 4)
        data.set(await comm.allGather(await comm.reduceScatter(data), countsOf(length, comm), out));
      else if (kind === 5) {
        const counts = countsOf(length, comm).map((count) => count * comm.worldSize);
        results.push(await comm.allGather(await comm.allToAll(data), counts));
      } else await comm.barrier();
      if (kind < 5) results.push(data.slice());
      comm.arena.release(data);
      comm.arena.release(out);
    }
    return results;
  },
} satisfies Record<string, (comm: Communicator, testCase: Case) => Promise<Float32Array[]>>;

function countsOf(length: number, comm: Communicator): number[] {
  const base = Math.floor(length / comm.worldSize);
  return Array.from({ length: comm.worldSize }, (_, rank) => base + (rank < length % comm.worldSize ? 1 : 0));
}
