/**
 * A collective over one buffer on each rank. The buffer is a tensor: on a GPU it is staged through the host as the layers
 * stage it, on a CPU it lies in the group's memory, and on a shared device it stays there.
 */

import type { Communicator } from '../../../comm/communicator.ts';
import type { Algorithm } from '../../../comm/schedule.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import type { BenchCase, CollectiveOp } from '../../../math/bench/record.ts';
import { lengthOf, type Range, shardRanges } from '../../../math/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { OneDeviceMember } from '../../../parallel/OneDeviceGroup.ts';
import { compare, type Measured } from './measured.ts';

const PERIOD = 256;

/**
 * Element `index` of rank `rank`: whole numbers from −128 to 127, so that every sum of up to 2¹⁶ of them is exact and the
 * order of additions cannot show.
 */
export function exactElement(index: number, rank: number): number {
  return ((index + 31 * rank) % PERIOD) - PERIOD / 2;
}

function exactElements({ start, end }: Range, rank: number): Float32Array {
  const data = new Float32Array(end - start);
  for (let i = 0; i < data.length; i++) data[i] = exactElement(start + i, rank); // from() is ten times slower
  return data;
}

export function measuredCollective(
  context: ParallelContext,
  one: BenchCase & { op: CollectiveOp },
): Measured {
  const { comm, device } = context;
  const { rank, worldSize } = comm;
  const length = one.bytes / 4;
  const ranges = shardRanges(length, worldSize);
  const own = ranges[rank] ?? { start: 0, end: 0 };
  const perform =
    comm instanceof OneDeviceMember ? onDevice(comm, ranges) : throughHost(comm, device, one, ranges);

  /** What the rank gives: its shard in an all_gather, else the whole buffer. */
  const range = one.op === 'all_gather' ? own : { start: 0, end: length };
  const input = (data: Float32Array): Tensor => device.tensor(data, [1, data.length]);
  const buffer = input(new Float32Array(lengthOf(range)));

  return {
    flops: 0,
    async run() {
      const result = await perform(one.op, buffer);
      if (result !== buffer) device.free(result);
    },
    async check() {
      const exact = input(exactElements(range, rank));
      const result = await perform(one.op, exact);
      const values = await device.read(result);
      device.free(exact, ...(result === exact ? [] : [result]));
      return compare(values, expected(one.op, ranges, rank), 0);
    },
    free: () => device.free(buffer),
  };
}

/** Element by element of a rank's result. */
function expected(op: CollectiveOp, ranges: readonly Range[], rank: number): (index: number) => number {
  const own = ranges[rank] ?? { start: 0, end: 0 };
  const sums = Float32Array.from({ length: PERIOD }, (_, index) =>
    ranges.reduce((total, _range, r) => total + exactElement(index, r), 0),
  );
  const sum = (index: number): number => sums[index % PERIOD] as number;
  switch (op) {
    case 'all_reduce':
      return sum;
    case 'reduce_scatter':
      return (index) => sum(own.start + index);
    case 'all_gather':
      return (index) =>
        exactElement(
          index,
          ranges.findIndex(({ end }) => index < end),
        );
    case 'broadcast':
      return (index) => exactElement(index, 0);
    case 'all_to_all': {
      const width = Math.max(1, lengthOf(own));
      return (index) => exactElement(own.start + (index % width), Math.floor(index / width));
    }
    default:
      return op satisfies never;
  }
}

type Perform = (op: CollectiveOp, x: Tensor) => Promise<Tensor>;

function throughHost(
  comm: Communicator,
  device: Device,
  { transport }: BenchCase,
  ranges: readonly Range[],
): Perform {
  const counts = ranges.map(lengthOf);
  const algorithm = transport.replace('shared-memory-', '') as Algorithm | 'auto';
  return async (op, x) => {
    const staging: Float32Array[] = [];
    try {
      const host = await device.stage(x, (length) => {
        const data = comm.arena.allocate(length) ?? new Float32Array(length);
        staging.push(data);
        return data;
      });
      if (op === 'all_reduce' || op === 'broadcast') {
        if (op === 'broadcast') await comm.broadcast(host, 0);
        else await comm.allReduce(host, 'sum', transport === 'none' ? {} : { algorithm });
        device.unstage(x, host);
        return x;
      }
      const result =
        op === 'all_gather'
          ? await comm.allGather(host, counts)
          : op === 'all_to_all'
            ? await comm.allToAll(host)
            : await comm.reduceScatter(host, 'sum', counts);
      return device.tensor(result, [1, result.length]);
    } finally {
      for (const data of staging) comm.arena.release(data);
    }
  };
}

function onDevice(comm: OneDeviceMember, ranges: readonly Range[]): Perform {
  return async (op, x) => {
    switch (op) {
      case 'all_reduce':
        await comm.allReduce(x);
        return x;
      case 'broadcast':
        await comm.broadcast(x, 0);
        return x;
      case 'all_gather':
        return comm.allGatherColumns(x);
      case 'reduce_scatter':
        return comm.reduceScatterColumns(x, ranges);
      case 'all_to_all':
        return comm.allToAllColumns(x, ranges);
      default:
        return op satisfies never;
    }
  };
}
