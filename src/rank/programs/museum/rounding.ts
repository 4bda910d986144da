/**
 * What a narrower float does to the all-reduce, which is no bug: a row-parallel product whose partials are added in the
 * ring's order, each sum rounded to the float that travels, beside the same in float64.
 */

import { additionOrder } from '../../../collectives/schedule.ts';
import { hash32, uniform } from '../../../numerics/random.ts';
import { ownerOf, shardRanges } from '../../../numerics/ranges.ts';
import { quantile } from '../../../numerics/statistics.ts';
import { FLOATS, type RoundedFloat, type Rounding } from '../../../protocol/lessons.ts';

/** Terms of a product, and how many products. */
const WIDTH = 512;
const COUNT = 768;
/** Of the histogram: a bin for each power of ten of the error, from 1e−9 to 1. */
const LOWEST_POWER = -9;
export const BINS = 9;

const ROUND: Readonly<Record<RoundedFloat, (value: number) => number>> = {
  float32: Math.fround,
  float16,
  bfloat16,
};

/** On so many ranks, in each float. @param seed of the numbers, which are the same for any number of ranks */
export function roundingOn(worldSize: number, seed: number): Rounding {
  const alone = sumsOf(1, seed);
  const several = sumsOf(worldSize, seed);
  return {
    worldSize,
    floats: FLOATS.map((float) => {
      const errors = several.map((sums) => Math.abs(sums[float] - sums.exact));
      const bins = Array.from({ length: BINS }, () => 0);
      for (const error of errors) bins[binOf(error)] = (bins[binOf(error)] ?? 0) + 1;
      const changed = several.filter((sums, i) => sums[float] !== alone[i]?.[float]).length;
      return {
        float,
        bins: bins.map((count) => count / COUNT),
        median: quantile(errors, 0.5),
        most: Math.max(...errors),
        changed: changed / COUNT,
      };
    }),
  };
}

type Sums = Readonly<Record<RoundedFloat | 'exact', number>>;

/** Every product of the row split: its partials in float32, as a device has them, then the sum as it travels. */
function sumsOf(worldSize: number, seed: number): Sums[] {
  const shares = shardRanges(WIDTH, worldSize);
  const chunks = shardRanges(COUNT, worldSize);
  return Array.from({ length: COUNT }, (_, at) => {
    let exact = 0;
    const partials = shares.map(({ start, end }) => {
      let partial = 0;
      for (let k = start; k < end; k++) {
        const x = Math.fround(uniform(hash32(seed, at), k));
        const w = Math.fround(uniform(hash32(seed + 1, at), k) * (3 / Math.sqrt(WIDTH)));
        exact += x * w;
        partial = Math.fround(partial + Math.fround(x * w));
      }
      return partial;
    });
    const order = additionOrder(ownerOf(chunks, at), worldSize);
    const added = (round: (value: number) => number): number =>
      order.reduce((sum, rank, i) => {
        const term = round(partials[rank] ?? 0);
        return i === 0 ? term : round(sum + term);
      }, 0);
    return {
      exact,
      float32: added(ROUND.float32),
      float16: added(ROUND.float16),
      bfloat16: added(ROUND.bfloat16),
    };
  });
}

function binOf(error: number): number {
  const power = error === 0 ? LOWEST_POWER : Math.floor(Math.log10(error));
  return Math.max(0, Math.min(BINS - 1, power - LOWEST_POWER));
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** To the nearest bfloat16, ties to even: the upper half of a float32. */
export function bfloat16(value: number): number {
  float[0] = value;
  const all = bits[0] as number;
  bits[0] = (all + 0x7fff + ((all >>> 16) & 1)) & 0xffff0000;
  return float[0] as number;
}

/** To the nearest IEEE 754 binary16, ties to even, of numbers that have one: below 65,520. */
export function float16(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))));
  const step = 2 ** (exponent - 10);
  const scaled = value / step; // a power of two: exact
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (below + (up ? 1 : 0)) * step;
}
