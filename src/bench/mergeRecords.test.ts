import { expect, it } from 'vitest';
import { mergeRecords } from './mergeRecords.ts';
import { type BenchRecord, SCHEMA } from './record.ts';
import { resultOf } from './testing/resultOf.ts';

function recordOf(worldSize: number, userAgent = 'PyTorch', date = '2026-01-01'): BenchRecord {
  const result = resultOf({ backend: 'torch-gloo', placement: 'process', transport: 'gloo', worldSize });
  const environment = { userAgent, adapter: {}, cores: 2, crossOriginIsolated: null, date, commit: '' };
  return { schema: SCHEMA, environment, results: [result] };
}

it('joins what one machine measured on several numbers of ranks', () => {
  const merged = mergeRecords([recordOf(2), recordOf(4, 'PyTorch', '2026-01-02'), recordOf(8)]);
  expect(merged.map(({ results }) => results.map(({ worldSize }) => worldSize))).toEqual([[2, 4, 8]]);
  expect(merged[0]?.environment.date).toBe('2026-01-01');
});

it('keeps machines apart, and runs of the same case', () => {
  const merged = mergeRecords([recordOf(2), recordOf(2, 'Browser'), recordOf(2), recordOf(4)]);
  expect(
    merged.map(({ environment, results }) => [environment.userAgent, results.map((one) => one.worldSize)]),
  ).toEqual([
    ['PyTorch', [2, 4]],
    ['Browser', [2]],
    ['PyTorch', [2]],
  ]);
  expect(mergeRecords([])).toEqual([]);
});

it('takes a product for the same case, whichever kernel a CPU chose for it', () => {
  const product = (variant: string, backend: 'cpu' | 'webgpu'): BenchRecord => {
    const result = resultOf({ op: 'gemm', backend, worldSize: 1, shape: { m: 1, k: 2, n: 3 }, variant });
    return { ...recordOf(1), results: [result] };
  };
  expect(mergeRecords([product('', 'cpu'), product('block6x8', 'cpu')])).toHaveLength(2);
  expect(mergeRecords([product('tiles-32', 'webgpu'), product('tiles-64', 'webgpu')])).toHaveLength(1);
});

it('looks once at each of a thousand copies', () => {
  const copies = Array.from({ length: 1000 }, () => recordOf(2));
  const before = performance.now();
  expect(mergeRecords(copies)).toEqual(copies);
  expect(performance.now() - before).toBeLessThan(2000); // it was 13 s
});
