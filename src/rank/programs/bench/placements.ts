/**
 * A collective and its buffers under each placement. The buffers are tensors: on a GPU they are staged through the host as
 * the layers stage them, on a CPU they lie in the group's memory, and on a shared device they stay there.
 */

import type { BenchCase } from '../../../bench/record.ts';
import { algorithmOf } from '../../../bench/transport.ts';
import type { CollectiveOp } from '../../../collectives/kinds.ts';
import type { Communicator } from '../../../comm/communicator.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { lengthOf, type Range } from '../../../numerics/ranges.ts';
import type { OneDeviceMember } from '../../../parallel/OneDeviceGroup.ts';

export type CollectiveCase = BenchCase & { readonly op: CollectiveOp };

export interface Placed {
  /** What the rank gives. */
  readonly input: Tensor;
  /** Gives the result: a tensor of these that is used again, or a new one. */
  perform(): Promise<Tensor>;
  /** Those that last. */
  readonly tensors: readonly Tensor[];
  /** Whether runs pile up on the device before it is waited for. */
  readonly queues: boolean;
  /** Frees them, and what they were staged in. */
  free(): void;
}

/** Elements of what this rank gives. */
export function givenLength({ op }: CollectiveCase, ranges: readonly Range[], rank: number): number {
  return op === 'all_gather' ? ownLength(ranges, rank) : totalLength(ranges);
}

/** Elements of what this rank ends with. */
export function takenLength({ op }: CollectiveCase, ranges: readonly Range[], rank: number): number {
  if (op === 'reduce_scatter') return ownLength(ranges, rank);
  return op === 'all_to_all' ? ownLength(ranges, rank) * ranges.length : totalLength(ranges);
}

function ownLength(ranges: readonly Range[], rank: number): number {
  return lengthOf(ranges[rank] ?? { start: 0, end: 0 });
}

function totalLength(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + lengthOf(range), 0);
}

/** A tensor, and its values as the host sees them: its own memory on a CPU, else a place in which it is always staged. */
interface Buffer {
  readonly tensor: Tensor;
  readonly host: Float32Array;
}

/** Buffers are made once, as nccl-tests and benchmark.py make theirs. */
export async function throughHost(
  comm: Communicator,
  device: Device,
  one: CollectiveCase,
  ranges: readonly Range[],
): Promise<Placed> {
  const places: Float32Array[] = [];
  const make = async (length: number): Promise<Buffer> => {
    const tensor = device.zeros([1, length]);
    const host = await device.stage(tensor, () => {
      const place = comm.arena.allocate(length) ?? new Float32Array(length);
      places.push(place);
      return place;
    });
    return { tensor, host };
  };
  const makeInput = () => make(givenLength(one, ranges, comm.rank));
  const makeOutput = () => make(takenLength(one, ranges, comm.rank));

  let [input, output]: [Buffer | null, Buffer | null] = [null, null];
  // The arena may hold one of them only: what the others can read in place comes first.
  if (one.op === 'all_gather') output = await makeOutput();
  input = await makeInput();
  output ??= one.op === 'all_reduce' || one.op === 'broadcast' ? input : await makeOutput();

  const exchange = exchangeOf(comm, one, ranges.map(lengthOf), input.host, output.host);
  const tensors = [...new Set([input.tensor, output.tensor])];
  return {
    input: input.tensor,
    tensors,
    queues: false,
    async perform() {
      await device.stage(input.tensor, () => input.host);
      await exchange();
      device.unstage(output.tensor, output.host);
      return output.tensor;
    },
    free() {
      device.free(...tensors);
      for (const place of places) comm.arena.release(place);
    },
  };
}

/** What a run does. Where input and output are the same, it is done in place; a sum is made ready once, as layers do. */
function exchangeOf(
  comm: Communicator,
  { op, transport }: CollectiveCase,
  counts: readonly number[],
  input: Float32Array,
  output: Float32Array,
): () => unknown {
  switch (op) {
    case 'all_reduce':
      return comm.prepareAllReduce(output, 'sum', { algorithm: algorithmOf(transport) ?? 'auto' });
    case 'broadcast':
      return () => comm.broadcast(output, 0);
    case 'all_gather':
      return () => comm.allGather(input, counts, output);
    case 'reduce_scatter':
      return () => comm.reduceScatter(input, 'sum', counts, output);
    case 'all_to_all':
      return () => comm.allToAll(input, output);
    default:
      return op satisfies never;
  }
}

export function onDevice(member: OneDeviceMember, one: CollectiveCase, ranges: readonly Range[]): Placed {
  const { device, rank } = member.context;
  const input = device.zeros([1, givenLength(one, ranges, rank)]);
  return {
    input,
    tensors: [input],
    queues: true,
    async perform() {
      switch (one.op) {
        case 'all_reduce':
          await member.allReduce(input);
          return input;
        case 'broadcast':
          await member.broadcast(input, 0);
          return input;
        case 'all_gather':
          return member.allGatherColumns(input, ranges.map(lengthOf));
        case 'reduce_scatter':
          return member.reduceScatterColumns(input, ranges);
        case 'all_to_all':
          return member.allToAllColumns(input, ranges);
        default:
          return one.op satisfies never;
      }
    },
    free: () => device.free(input),
  };
}
