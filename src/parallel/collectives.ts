/** Collectives on tensors: stage to host memory that the others can reach, exchange, put back. */

import type { AllReduceOptions } from '../comm/communicator.ts';
import type { Tensor } from '../device/device.ts';
import { joinColumns } from '../math/matrix.ts';
import type { ParallelContext } from './context.ts';

/** Runs `work` on the tensor's values in the rank's arena, so that a GPU tensor is copied once each way, and a CPU one never. */
async function onHost<T>(
  { comm, device }: ParallelContext,
  tensor: Tensor,
  work: (host: Float32Array) => Promise<T>,
): Promise<{ host: Float32Array; result: T; release: () => void }> {
  let staging: Float32Array | null = null;
  const host = await device.stage(tensor, (length) => {
    staging = comm.arena.allocate(length) ?? new Float32Array(length);
    return staging;
  });
  const result = await work(host);
  return { host, result, release: () => staging !== null && comm.arena.release(staging) };
}

/**
 * Replaces `y` on every rank by the sum over all ranks.
 * @param inspect sees this rank's values before they are summed; it must copy what it keeps
 */
export async function allReduce(
  context: ParallelContext,
  y: Tensor,
  options?: AllReduceOptions,
  inspect?: (partial: Float32Array) => void,
): Promise<void> {
  const { host, release } = await onHost(context, y, (data) => {
    inspect?.(data);
    return context.comm.allReduce(data, 'sum', options);
  });
  context.device.unstage(y, host);
  release();
}

/**
 * Puts column shards `[M, widths[r]]` of all ranks side by side.
 * @returns a new tensor `[M, Σ widths]`, the same bits on every rank
 */
export async function allGatherColumns(
  context: ParallelContext,
  shard: Tensor,
  widths: readonly number[],
): Promise<Tensor> {
  const rows = shard.shape[0] ?? 0;
  const counts = widths.map((width) => rows * width);
  const { result, release } = await onHost(context, shard, (data) => context.comm.allGather(data, counts));
  release();
  const cols = widths.reduce((sum, width) => sum + width, 0);
  return context.device.tensor(joinColumns(result, rows, widths), [rows, cols]); // [M, N]
}
