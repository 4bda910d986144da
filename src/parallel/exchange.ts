/** A program's collective steps, as calls of the rank's collectives. */

import type { Tensor } from '../device/device.ts';
import type { CollectiveStep, Program, Step, Value } from '../program/program.ts';
import type { Collectives, ReduceOptions } from './collectives.ts';

/** What the step makes of this rank's tensor: a new one, or after an all_reduce the same. */
export async function exchange(
  collectives: Collectives,
  step: CollectiveStep,
  tensor: Tensor,
  how: Omit<ReduceOptions, 'op'>,
): Promise<Tensor> {
  const { input, output, op } = step;
  switch (step.collective) {
    case 'all_reduce':
      await collectives.allReduce(tensor, { op: op ?? 'sum', ...how });
      return tensor;
    case 'reduce_scatter':
      return collectives.reduceScatterRows(tensor, sizesOf(output, 0));
    case 'all_gather':
      if (!isOfColumns(input)) return collectives.allGatherRows(tensor, sizesOf(input, 0));
      return collectives.allGatherColumns(tensor, sizesOf(input, 1), padding(step));
    default:
      return step.collective satisfies never;
  }
}

/** The last step, where it is that which puts the columns of the program's output together; else null. */
export function gatherOfOutput({ output }: Program, last: Step | undefined): CollectiveStep | null {
  if (last?.kind !== 'collective' || last.collective !== 'all_gather' || last.output !== output) return null;
  return isOfColumns(last.input) ? last : null;
}

/** What such a step makes, on the host alone. */
export async function gatherToHost(
  collectives: Collectives,
  step: CollectiveStep,
  shard: Tensor,
): Promise<Float32Array> {
  const joined = await collectives.gatherColumns(shard, sizesOf(step.input, 1));
  padding(step)?.(joined);
  return joined;
}

/** Of each rank's part. */
export function sizesOf({ shapes }: Value, dim: 0 | 1): number[] {
  return shapes.map((shape) => shape[dim] ?? 0);
}

function isOfColumns({ placement }: Value): boolean {
  return placement.kind === 'sharded' && placement.dim === 1;
}

/** In the joined logits, columns from some on are padding, and never to be chosen. */
function padding({ paddedFrom, output }: CollectiveStep): ((joined: Float32Array) => void) | undefined {
  if (paddedFrom === null) return undefined;
  const width = output.shapes[0]?.[1] ?? 0;
  return (joined) => {
    for (let start = paddedFrom; start < joined.length; start += width) {
      joined.fill(Number.NEGATIVE_INFINITY, start, start + width - paddedFrom);
    }
  };
}
