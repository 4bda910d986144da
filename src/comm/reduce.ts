/** The arithmetic of a reduction. float32 in, float32 out: a sum in double that is rounded once is the float32 sum. */

import type { ReduceOp } from '../collectives/kinds.ts';

/**
 * into[i] = into[i] op from[i]. `avg` sums; {@link finish} divides. Both have the same length.
 *
 * A NaN on any rank is a NaN in every op, max and min too: a group does not take a broken rank's part for a small number.
 * (MPI and NCCL leave max and min of NaN open.) Infinities are IEEE 754's, and max(−0, 0) is 0.
 */
export function reduceInto(into: Float32Array, from: Float32Array, op: ReduceOp): void {
  const length = into.length;
  // One plain loop per op: a shared inner function would be polymorphic, and several times slower.
  switch (op) {
    case 'sum':
    case 'avg':
      for (let i = 0; i < length; i++) into[i] = (into[i] as number) + (from[i] as number);
      return;
    case 'product':
      for (let i = 0; i < length; i++) into[i] = (into[i] as number) * (from[i] as number);
      return;
    case 'min':
      for (let i = 0; i < length; i++) into[i] = Math.min(into[i] as number, from[i] as number);
      return;
    case 'max':
      for (let i = 0; i < length; i++) into[i] = Math.max(into[i] as number, from[i] as number);
      return;
    default:
      op satisfies never;
  }
}

/** What is left to do once all `worldSize` terms are in. */
export function finish(sum: Float32Array, op: ReduceOp, worldSize: number): void {
  if (op !== 'avg') return;
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) / worldSize;
}
