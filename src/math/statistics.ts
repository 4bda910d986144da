/** What a set of timings says, and how far it can be trusted. */

import { hash32 } from './random.ts';

/** Beyond these, of IQR / median: as torch.utils.benchmark. */
export const NOISY = 0.1;
export const UNRELIABLE = 0.25;

export type Reliability = 'steady' | 'noisy' | 'unreliable';

/** The value below which a share `q` of the samples lies, interpolated between neighbours; NaN without samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
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
  const middle = median(samples);
  return middle === 0 ? 0 : (quantile(samples, 0.75) - quantile(samples, 0.25)) / middle;
}

export function reliabilityOf(samples: readonly number[]): Reliability {
  const spread = relativeSpread(samples);
  if (!(spread <= UNRELIABLE)) return 'unreliable';
  return spread > NOISY ? 'noisy' : 'steady';
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of ratios: the only mean for which twice as fast and half as fast cancel out. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 400;

/**
 * median(b) / median(a) with its 95 % interval by bootstrap (Efron 1979): both sets are drawn from again, with
 * replacement, and the middle 95 % of the ratios are kept. Seeded, so that a page shows the same twice.
 */
export function ratioOfMedians(a: readonly number[], b: readonly number[]): Interval {
  const ratios = Array.from({ length: RESAMPLES }, (_, round) => {
    return median(resample(b, 2 * round)) / median(resample(a, 2 * round + 1));
  });
  return {
    value: median(b) / median(a),
    low: quantile(ratios, 0.025),
    high: quantile(ratios, 0.975),
  };
}

function resample(samples: readonly number[], stream: number): number[] {
  return samples.map((_, i) => samples[hash32(stream, i) % samples.length] as number);
}

/** The mean of `values` with its 95 % interval by Student's t, as Speedometer reports; of one value, itself. */
export function meanInterval(values: readonly number[]): Interval {
  const value = mean(values);
  const n = values.length;
  if (n < 2) return { value, low: value, high: value };
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
