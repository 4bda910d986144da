/** Collectives on tensors: stage to host memory that the others can reach, exchange, put back. */

import type { AllReduceOptions } from '../comm/communicator.ts';
import type { Tensor } from '../device/device.ts';
import { joinColumns } from '../math/matrix.ts';
import type { ParallelContext } from './context.ts';

/**
 * Runs `work` on the tensor's values in the rank's arena, so that a GPU tensor is copied once each way, and a CPU one
 * never. With `putBack` the values, which `work` has changed, become the tensor's again.
 */
async function onHost<T>(
  { comm, device }: ParallelContext,
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
  const work = (data: Float32Array): Promise<void> => {
    inspect?.(data);
    return context.comm.allReduce(data, 'sum', options);
  };
  await onHost(context, y, work, { putBack: true });
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
  const gather = (data: Float32Array): Promise<Float32Array> => context.comm.allGather(data, counts);
  const result = await onHost(context, shard, gather, { putBack: false });
  const cols = widths.reduce((sum, width) => sum + width, 0);
  return context.device.tensor(joinColumns(result, rows, widths), [rows, cols]); // [M, N]
}
