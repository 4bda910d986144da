/** A collective over one buffer on each rank, on numbers of which the result is exact. */

import type { CollectiveOp } from '../../../collectives/kinds.ts';
import type { Tensor } from '../../../device/device.ts';
import { scope } from '../../../device/scope.ts';
import { elementsIn } from '../../../numerics/dtype.ts';
import { lengthOf, ownerOf, type Range, shardRanges } from '../../../numerics/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { compareElements, type ExpectedElements, type Measured, paceOf } from './measured.ts';
import { type CollectiveCase, givenLength, type Placed, takenLength } from './placements.ts';

const PERIOD = 256;
/** A ring on eight ranks is some twenty spans. */
const MOST_RUNS = 512;

/**
 * Element `index` of rank `rank`: whole numbers from −128 to 127, so that every sum of up to 2¹⁶ of them is exact and the
 * order of additions cannot show.
 */
export function exactElement(index: number, rank: number): number {
  return ((index + 31 * rank) % PERIOD) - PERIOD / 2;
}

function exactElements(start: number, length: number, rank: number): Float32Array {
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = exactElement(start + i, rank); // from() is ten times slower
  return data;
}

export async function measuredCollective(
  { rank, worldSize, device }: ParallelContext,
  one: CollectiveCase,
  place: (one: CollectiveCase, ranges: readonly Range[]) => Placed | Promise<Placed>,
): Promise<Measured> {
  const ranges = shardRanges(elementsIn(one.bytes, 'f32'), worldSize);
  const { input, perform, tensors, queues, free } = await place(one, ranges);
  const once = <T>(use: (result: Tensor) => Promise<T>): Promise<T> =>
    scope(device, async (own) => {
      const result = await perform();
      return use(tensors.includes(result) ? result : own(result));
    });

  return {
    flops: 0,
    pace: paceOf(queues, MOST_RUNS, one.bytes * worldSize),
    free,
    run: () => once(async () => {}),
    async check() {
      const start = one.op === 'all_gather' ? (ranges[rank]?.start ?? 0) : 0;
      device.unstage(input, exactElements(start, givenLength(one, ranges, rank), rank));
      const values = await once((result) => device.read(result));
      const length = takenLength(one, ranges, rank);
      return compareElements(values, { length, value: valuesFor(one.op, ranges, rank), tolerance: () => 0 });
    },
  };
}

/** Element by element of a rank's result. */
function valuesFor(op: CollectiveOp, ranges: readonly Range[], rank: number): ExpectedElements['value'] {
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
      return (index) => exactElement(index, ownerOf(ranges, index));
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
