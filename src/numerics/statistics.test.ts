import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash32 } from './random.ts';
import {
  meanInterval,
  median,
  quantile,
  ratioOfMedians,
  relativeSpread,
  reliabilityOf,
} from './statistics.ts';

const times = fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('quantile', () => {
  it('interpolates as NumPy does', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.1)).toBeCloseTo(1.4, 12);
    expect(quantile([7], 0.9)).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('lies within the samples, grows with q, and leaves them as they were', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (samples, q) => {
        const before = [...samples];
        const value = quantile(samples, q);
        expect(samples).toEqual(before);
        expect(value).toBeGreaterThanOrEqual(Math.min(...samples));
        expect(value).toBeLessThanOrEqual(Math.max(...samples));
        expect(quantile(samples, 1)).toBeGreaterThanOrEqual(value);
      }),
    );
  });
});

describe('reliability', () => {
  it('is that of the middle half', () => {
    expect(relativeSpread([10, 10, 10, 1000])).toBeCloseTo(24.75, 12);
    expect(reliabilityOf(relativeSpread([10, 10.1, 10.2, 9.9]))).toBe('steady');
    expect(reliabilityOf(relativeSpread([10, 11, 12, 9.5]))).toBe('noisy');
    expect(reliabilityOf(relativeSpread([10, 20, 5, 40]))).toBe('unreliable');
    expect(reliabilityOf(relativeSpread([]))).toBe('unreliable');
  });
});

describe('means', () => {
  it('have an interval by Student’s t', () => {
    // mean 3, deviation √2.5, t(4) = 2.776: half = 2.776·√(2.5 / 5)
    const { value, low, high } = meanInterval([1, 2, 3, 4, 5]);
    expect(value).toBe(3);
    expect(high - value).toBeCloseTo(2.776 * Math.sqrt(0.5), 3);
    expect(value - low).toBeCloseTo(high - value, 12);
    expect(meanInterval([4])).toEqual({
      value: 4,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    // t(30) = 2.042
    const many = Array.from({ length: 31 }, (_, i) => i);
    const deviation = Math.sqrt(many.reduce((sum, x) => sum + (x - 15) ** 2, 0) / 30);
    const wide = meanInterval(many);
    expect(wide.high - wide.value).toBeCloseTo((2.042 * deviation) / Math.sqrt(31), 1);
  });
});

describe('a ratio of medians', () => {
  it('holds its value, is sharp for steady samples, and the same each time', () => {
    const a = [10, 10.1, 9.9, 10.05, 9.95, 10, 10.02, 9.98, 10.03, 9.97];
    const b = a.map((value) => 2 * value);
    const ratio = ratioOfMedians(a, b);
    expect(ratio.value).toBeCloseTo(2, 12);
    expect(ratio.low).toBeGreaterThan(1.95);
    expect(ratio.high).toBeLessThan(2.05);
    expect(ratioOfMedians(a, b)).toEqual(ratio);
  });

  it('is wide where the samples are', () => {
    const { low, high } = ratioOfMedians([1, 2, 4, 8], [1, 2, 4, 8]);
    expect(low).toBeLessThan(0.7);
    expect(high).toBeGreaterThan(1.4);
  });

  it('says nothing of how sure it is where one side is a single sample', () => {
    expect(ratioOfMedians([0.04], [0.0401])).toEqual({
      value: 0.0401 / 0.04,
      low: 0,
      high: Number.POSITIVE_INFINITY,
    });
    expect(ratioOfMedians([1, 1, 1], [2])).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY });
  });

  it('takes no longer for many samples', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => 1 + (hash32(1, i) % 1000) / 1e4);
    const quickest = (count: number) => {
      const samples = many(count);
      const times = Array.from({ length: 5 }, () => {
        const start = process.cpuUsage(); // a busy machine takes longer, but not more of this
        ratioOfMedians(samples, samples);
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      });
      return Math.min(...times);
    };
    // 10 ms where imports are bundled; a sort of each resample took 500 ms.
    expect(quickest(2000)).toBeLessThan(150);
    expect(quickest(50_000)).toBeLessThan(200);
    const { low, high } = ratioOfMedians(many(50_000), many(50_000));
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1);
    expect(high - low).toBeLessThan(0.02);
  });

  it('has the spread that resampling by hand gives', () => {
    const a = Array.from({ length: 9 }, (_, i) => 10 + i);
    // The median of nine draws of nine: by the binomial 95 % of them lie from the second sample to the eighth.
    const { low, high } = ratioOfMedians(a, [20, 20]);
    expect(20 / low).toBeGreaterThanOrEqual(16);
    expect(20 / low).toBeLessThanOrEqual(17);
    expect(20 / high).toBeGreaterThanOrEqual(11);
    expect(20 / high).toBeLessThanOrEqual(12);
  });
});
