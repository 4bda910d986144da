/**
 * What a step must give, from the definition of each collective and nothing of what src/comm runs: every rank's input is a
 * function of the seed, so that anybody can tell what anybody should hold. Sums and products are exact (small integers),
 * and with special values they do not depend on the order of the terms either; so that results are compared bit by bit.
 */

import { combine } from '../../src/comm/testing/combine.ts';
import { hash32 } from '../../src/numerics/random.ts';
import { consecutiveRanges, shardRange } from '../../src/numerics/ranges.ts';
import { countsOf, type Step } from './steps.ts';

const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0];

/** @param stream the seed of the step */
function element(step: Step, stream: number, rank: number, i: number): number {
  const hash = hash32(hash32(stream, rank), i);
  const special = step.numbers === 'special' && hash % 7 === 0;
  if (special) return SPECIAL[(hash >>> 8) % SPECIAL.length] ?? 0;
  const size = ((hash >>> 8) % 5) + 1; // a product of 8 stays below 2²⁴
  return step.numbers === 'special' && (hash & 0x80) !== 0 ? -size : size;
}

function values(step: Step, stream: number, rank: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => element(step, stream, rank, i));
}

/** The data with which a rank enters the step. */
export function inputOf(step: Step, stream: number, worldSize: number, rank: number): Float32Array {
  const length = step.kind === 'allGather' ? (countsOf(step, worldSize)[rank] ?? 0) : step.length;
  return values(step, stream, rank, length);
}

function reduced(step: Step, stream: number, worldSize: number): Float32Array {
  return Float32Array.from({ length: step.length }, (_, i) => {
    let total = element(step, stream, 0, i);
    for (let rank = 1; rank < worldSize; rank++)
      total = combine(step.op, total, element(step, stream, rank, i));
    return step.op === 'avg' ? total / worldSize : total;
  });
}

/** What the step returns on a rank, or leaves in its data. */
export function expectedOf(step: Step, stream: number, worldSize: number, rank: number): Float32Array {
  const { kind, length, root } = step;
  const inputs = (of: number): Float32Array => inputOf(step, stream, worldSize, of);
  const ranks = Array.from({ length: worldSize }, (_, each) => each);
  switch (kind) {
    case 'allReduce':
      return reduced(step, stream, worldSize);
    case 'reduceScatter': {
      const own = consecutiveRanges(countsOf(step, worldSize))[rank];
      return reduced(step, stream, worldSize).subarray(own?.start, own?.end);
    }
    case 'allGather':
      return Float32Array.from(ranks.flatMap((from) => [...inputs(from)]));
    case 'broadcast':
    case 'relay':
      return inputs(root);
    case 'allToAll': {
      const { start, end } = shardRange(length, worldSize, rank);
      return Float32Array.from(ranks.flatMap((from) => [...inputs(from).subarray(start, end)]));
    }
    case 'barrier':
      return new Float32Array(0);
    case 'shift':
      return inputs((rank + worldSize - 1) % worldSize);
    default:
      return kind satisfies never;
  }
}

/** Null where both are the same, bit by bit; else a sentence. */
export function difference(actual: Float32Array, expected: Float32Array): string | null {
  if (actual.length !== expected.length) return `${actual.length} floats instead of ${expected.length}`;
  const at = expected.findIndex((value, i) => !Object.is(value, actual[i]));
  return at === -1 ? null : `element ${at} is ${actual[at]} instead of ${expected[at]}`;
}
