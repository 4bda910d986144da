/** What a set of timings says, and how far it can be trusted. */

import { hash32 } from './random.ts';

/** Beyond these, of IQR / median: as torch.utils.benchmark. */
const NOISY = 0.1;
const UNRELIABLE = 0.25;

export type Reliability = 'steady' | 'noisy' | 'unreliable';

/** The value below which a share `q` of the samples lies, interpolated between neighbours; NaN without samples. */
export function quantile(samples: readonly number[], q: number): number {
  return quantileOf(sortedOf(samples), q);
}

/** A typed array sorts by number, and many times faster than an array with a comparison. */
function sortedOf(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort();
}

function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Interquartile range over median: the spread of the middle half. 0 for a single sample. */
export function relativeSpread(samples: readonly number[]): number {
  const sorted = sortedOf(samples);
  const middle = quantileOf(sorted, 0.5);
  return middle === 0 ? 0 : (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / middle;
}

/** @param spread see {@link relativeSpread} */
export function reliabilityOf(spread: number): Reliability {
  if (!(spread <= UNRELIABLE)) return 'unreliable';
  return spread > NOISY ? 'noisy' : 'steady';
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 400;
/** Samples beyond these are thinned evenly, which bounds the cost; the interval is then wider than it has to be. */
const MOST_RESAMPLED = 2000;

/**
 * median(b) / median(a) with its 95 % interval by bootstrap (Efron 1979): both sets are drawn from again, with
 * replacement, and the middle 95 % of the ratios are kept. Seeded, so that a page shows the same twice. A single sample
 * does not tell how far the next would lie from it: the interval is then 0 to infinity.
 */
export function ratioOfMedians(a: readonly number[], b: readonly number[]): Interval {
  const value = median(b) / median(a);
  if (a.length < 2 || b.length < 2) return { value, low: 0, high: Number.POSITIVE_INFINITY };
  const below = resampledMedians(a, 1);
  const ratios = resampledMedians(b, 0)
    .map((above, round) => above / (below[round] as number))
    .sort();
  return { value, low: quantileOf(ratios, 0.025), high: quantileOf(ratios, 0.975) };
}

/** The samples are sorted once; a set that is drawn from them is then how often each was drawn. */
function resampledMedians(samples: readonly number[], stream: number): Float64Array {
  const sorted = thinned(sortedOf(samples));
  const drawn = new Uint32Array(sorted.length);
  return Float64Array.from({ length: RESAMPLES }, (_, round) => {
    drawn.fill(0);
    for (let i = 0; i < drawn.length; i++) {
      (drawn[hash32(2 * round + stream, i) % drawn.length] as number)++;
    }
    return medianOfDrawn(sorted, drawn);
  });
}

function thinned(sorted: Float64Array): Float64Array {
  const step = sorted.length / MOST_RESAMPLED;
  if (step <= 1) return sorted;
  return Float64Array.from(
    { length: MOST_RESAMPLED },
    (_, i) => sorted[Math.floor((i + 0.5) * step)] as number,
  );
}

/** As many were drawn as there are; of two in the middle, their mean. */
function medianOfDrawn(sorted: Float64Array, drawn: Uint32Array): number {
  const middle = (drawn.length - 1) / 2;
  let at = 0;
  let seen = drawn[0] as number;
  while (seen <= Math.floor(middle)) seen += drawn[++at] as number;
  const lower = sorted[at] as number;
  while (seen <= Math.ceil(middle)) seen += drawn[++at] as number;
  return (lower + (sorted[at] as number)) / 2;
}

/** The mean of `values` with its 95 % interval by Student's t, as Speedometer reports; of one value, without bounds. */
export function meanInterval(values: readonly number[]): Interval {
  const value = mean(values);
  const n = values.length;
  if (n < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { value, low: value - half, high: value + half };
}

/** The 97.5 % quantile of Student's t: the tabulated values up to 10, then an expansion that is good to 0.1 %. */
function studentT95(freedom: number): number {
  const table = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
  const known = table[freedom - 1];
  if (known !== undefined) return known;
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}
