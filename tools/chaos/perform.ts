/** Carries out a step on a rank, in a worker thread of Node as in a Web Worker. */

import type { Communicator } from '../../src/comm/communicator.ts';
import { difference, expectedOf, inputOf } from './expected.ts';
import { countsOf, type Step } from './steps.ts';

/**
 * Calls the communicator, and compares what it gives with what it must give.
 * @returns a sentence where they differ
 */
export async function perform(comm: Communicator, step: Step, stream: number): Promise<string | null> {
  const { rank, worldSize } = comm;
  const input = inputOf(step, stream, worldSize, rank);
  const data = (step.inArena ? comm.arena.allocate(input.length) : null) ?? new Float32Array(input.length);
  data.set(input);
  try {
    const result = await call(comm, step, data);
    const wrong = difference(result, expectedOf(step, stream, worldSize, rank));
    return wrong === null ? null : `${step.kind} on rank ${rank}: ${wrong}`;
  } finally {
    comm.arena.release(data);
  }
}

async function call(comm: Communicator, step: Step, data: Float32Array): Promise<Float32Array> {
  const { kind, op, algorithm, counts, root } = step;
  switch (kind) {
    case 'allReduce':
      await comm.allReduce(data, op, { algorithm });
      return data;
    case 'reduceScatter':
      return comm.reduceScatter(data, op, counts ?? undefined);
    case 'allGather':
      return comm.allGather(data, countsOf(step, comm.worldSize));
    case 'broadcast':
      await comm.broadcast(data, root);
      return data;
    case 'allToAll':
      return comm.allToAll(data);
    case 'barrier':
      await comm.barrier();
      return data;
    case 'relay':
      return relay(comm, data, root);
    case 'shift':
      return shift(comm, data, (comm.rank + 1) % comm.worldSize);
    default:
      return kind satisfies never;
  }
}

async function relay(comm: Communicator, data: Float32Array, root: number): Promise<Float32Array> {
  const next = (comm.rank + 1) % comm.worldSize;
  const previous = (comm.rank + comm.worldSize - 1) % comm.worldSize;
  if (comm.rank === root) await comm.send(data, next);
  data.fill(-7);
  await comm.recv(data, previous);
  if (comm.rank !== root) await comm.send(data, next);
  return data;
}

/** Odd ranks receive first: a message of several letters waits for its receiver. */
export async function shift(comm: Communicator, data: Float32Array, to: number, length = data.length) {
  const received = new Float32Array(length);
  const previous = (comm.rank + comm.worldSize - 1) % comm.worldSize;
  if (comm.rank % 2 === 1) await comm.recv(received, previous);
  await comm.send(data, to);
  if (comm.rank % 2 === 0) await comm.recv(received, previous);
  return received;
}
