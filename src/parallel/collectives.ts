/**
 * Collectives on tensors: stage to host memory that the others can reach, exchange, put back. Where all ranks share one
 * device, the device does it.
 */

import { LabError } from '../base/errors.ts';
import type { AllReduceOptions, Communicator } from '../comm/communicator.ts';
import type { ReduceOp } from '../comm/reduce.ts';
import type { Tensor } from '../device/device.ts';
import { joinColumns } from '../math/matrix.ts';
import type { ParallelContext } from './context.ts';
import { OneDeviceMember } from './OneDeviceGroup.ts';

/** A rank whose memory the others can reach. */
interface HostContext extends ParallelContext {
  readonly comm: Communicator;
}

/**
 * Runs `work` on the tensor's values in the rank's arena, so that a GPU tensor is copied once each way, and a CPU one
 * never. With `putBack` the values, which `work` has changed, become the tensor's again.
 */
async function onHost<T>(
  { comm, device }: HostContext,
  tensor: Tensor,
  work: (host: Float32Array) => Promise<T>,
  { putBack }: { putBack: boolean },
): Promise<T> {
  const staging: Float32Array[] = [];
  try {
    const host = await device.stage(tensor, (length) => {
      const data = comm.arena.allocate(length) ?? new Float32Array(length);
      staging.push(data);
      return data;
    });
    const result = await work(host);
    if (putBack) device.unstage(tensor, host);
    return result;
  } finally {
    for (const data of staging) comm.arena.release(data);
  }
}

export interface TensorReduceOptions extends AllReduceOptions {
  /** Default `sum`. */
  readonly op?: ReduceOp;
  /** Sees this rank's values before they are summed; it must copy what it keeps. */
  readonly inspect?: ((partial: Float32Array) => void) | undefined;
}

/** Replaces `y` on every rank by the sum (or op) over all ranks, which is NaN where one rank's is, max and min too. */
export async function allReduce(
  context: ParallelContext,
  y: Tensor,
  { op = 'sum', inspect, algorithm }: TensorReduceOptions = {},
): Promise<void> {
  const { comm } = context;
  if (comm instanceof OneDeviceMember) {
    if (op !== 'sum') throw new LabError('input', `Ranks on one device sum; they have no ${op}.`);
    await comm.allReduce(y);
    return;
  }
  const how = algorithm ?? context.algorithm;
  const work = (data: Float32Array): Promise<void> => {
    inspect?.(data);
    return comm.allReduce(data, op, how === undefined ? {} : { algorithm: how });
  };
  await onHost({ ...context, comm }, y, work, { putBack: true });
}

/**
 * Puts column shards `[M, widths[r]]` of all ranks side by side.
 * @param finish may change the joined values before they become a tensor; where all ranks share one device, which joins
 *   them itself, they are read back for it
 * @returns a new tensor `[M, Σ widths]`, the same bits on every rank
 */
export async function allGatherColumns(
  context: ParallelContext,
  shard: Tensor,
  widths: readonly number[],
  finish?: (joined: Float32Array) => void,
): Promise<Tensor> {
  const { comm } = context;
  if (comm instanceof OneDeviceMember) {
    const whole = await comm.allGatherColumns(shard);
    if (finish === undefined) return whole;
    const values = await context.device.read(whole);
    context.device.free(whole);
    finish(values);
    return context.device.tensor(values, whole.shape);
  }
  const rows = shard.shape[0] ?? 0;
  const counts = widths.map((width) => rows * width);
  const gather = (data: Float32Array): Promise<Float32Array> => comm.allGather(data, counts);
  const result = await onHost({ ...context, comm }, shard, gather, { putBack: false });
  const cols = widths.reduce((sum, width) => sum + width, 0);
  const joined = joinColumns(result, rows, widths);
  finish?.(joined);
  return context.device.tensor(joined, [rows, cols]); // [M, N]
}

/**
 * Puts row shards `[rows[r], N]` of all ranks one below the other.
 * @returns a new tensor `[Σ rows, N]`, the same bits on every rank
 */
export async function allGatherRows(
  context: ParallelContext,
  shard: Tensor,
  rows: readonly number[],
): Promise<Tensor> {
  const { comm } = context;
  if (comm instanceof OneDeviceMember) return comm.allGatherRows(shard);
  const cols = shard.shape[1] ?? 0;
  const counts = rows.map((count) => count * cols);
  const gather = (data: Float32Array): Promise<Float32Array> => comm.allGather(data, counts);
  const result = await onHost({ ...context, comm }, shard, gather, { putBack: false });
  return context.device.tensor(result, [rows.reduce((sum, count) => sum + count, 0), cols]); // [M, N]
}

/**
 * Sums `partial` `[M, N]` over all ranks and leaves each its own rows.
 * @returns a new tensor `[rows[rank], N]`
 */
export async function reduceScatterRows(
  context: ParallelContext,
  partial: Tensor,
  rows: readonly number[],
): Promise<Tensor> {
  const { comm } = context;
  if (comm instanceof OneDeviceMember) return comm.reduceScatterRows(partial, rows);
  const cols = partial.shape[1] ?? 0;
  const counts = rows.map((count) => count * cols);
  const scatter = (data: Float32Array): Promise<Float32Array> => comm.reduceScatter(data, 'sum', counts);
  const own = await onHost({ ...context, comm }, partial, scatter, { putBack: false });
  return context.device.tensor(own, [rows[comm.rank] ?? 0, cols]); // [M/p, N]
}
