import { describe, expect, it } from 'vitest';
import { check, type Exact, exactLinear, exactly, gamma, hashBits, mergeChecks } from './oracle.ts';
import { uniform } from './random.ts';

function linear(m: number, k: number, n: number) {
  const x = Float32Array.from({ length: m * k }, (_, i) => uniform(1, i));
  const w = Float32Array.from({ length: n * k }, (_, i) => uniform(2, i));
  const exact = exactLinear(
    exactly(m, k, x),
    { start: 0, end: n },
    (out, into) => into.set(w.subarray(out * k, out * k + k)),
    null,
  );
  // The same in float32, added one by one.
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let c = 0; c < k; c++)
        sum = Math.fround(sum + Math.fround((x[i * k + c] ?? 0) * (w[j * k + c] ?? 0)));
      y[i * n + j] = sum;
    }
  }
  return { exact, y };
}

describe('the oracle', () => {
  it('gives the product of small integers', () => {
    const x = exactly(2, 2, Float32Array.of(1, 2, 3, 4));
    const rows = [Float64Array.of(5, 6), Float64Array.of(7, 8), Float64Array.of(-1, 1)];
    const y = exactLinear(
      x,
      { start: 1, end: 3 },
      (out, into) => into.set(rows[out] ?? []),
      (out) => out * 100,
    );
    expect([...y.values]).toEqual([7 + 16 + 100, -1 + 2 + 200, 21 + 32 + 100, -3 + 4 + 200]);
    expect([...y.magnitudes]).toEqual([123, 203, 153, 207]);
  });

  it('float32 sums pass, and lie well above a hundredth of the bound', () => {
    for (const k of [1, 16, 300]) {
      const { exact, y } = linear(5, k, 7);
      const result = check(y, exact, k);
      expect(result).toMatchObject({ pass: true, count: 35 });
      expect(result.maxAbsError).toBeLessThanOrEqual(gamma(k) * 300);
      if (k > 1) expect(result.worstRatio).toBeGreaterThan(0.001);
    }
  });

  it('fails one wrong element, a NaN, and a bias that is added twice', () => {
    const { exact, y } = linear(5, 16, 7);
    for (const wrong of [(y[3] ?? 0) + 1e-4, Number.NaN, Number.POSITIVE_INFINITY]) {
      const spoiled = y.slice();
      spoiled[3] = wrong;
      expect(check(spoiled, exact, 17).pass).toBe(false);
      expect(mergeChecks([check(y, exact, 17), check(spoiled, exact, 17)]).pass).toBe(false);
    }
  });

  it('an empty share passes and does not count', () => {
    const none: Exact = { rows: 0, cols: 0, values: new Float64Array(0), magnitudes: new Float64Array(0) };
    const empty = check(new Float32Array(0), none, 5);
    expect(empty).toMatchObject({ pass: true, count: 0, maxAbsError: 0 });
    const { exact, y } = linear(2, 3, 2);
    expect(mergeChecks([empty, check(y, exact, 5)])).toEqual(check(y, exact, 5));
  });
});

it('hashBits tells +0 from −0', () => {
  expect(hashBits(Float32Array.of(1, 0))).not.toBe(hashBits(Float32Array.of(1, -0)));
  expect(hashBits(Float32Array.of(1, 0))).toBe(hashBits(Float32Array.of(1, 0)));
});
