import { describe, expect, it } from 'vitest';
import type { BenchResult } from '#bench/record.ts';
import { resultOf } from '#bench/testing/resultOf.ts';
import { GPUS } from '#machines/gpus.ts';
import { findingsOf } from '../lead/findings.ts';
import { bandwidthSeries, ranksOf } from './bandwidth.ts';
import { datasheetRoof, intensityOf, measuredRoofs, roofSeries, roofShares } from './roofline.ts';
import {
  fixedCase,
  gainsOf,
  layersIn,
  openingLayer,
  scalingSeries,
  speedUpsOf,
  timeRows,
} from './scaling.ts';

function productOf(patch: Partial<BenchResult>): BenchResult {
  const ms = 8;
  const shape = { m: 1, k: 8, n: 8 };
  return resultOf(
    { op: 'row_linear', worldSize: 1, shape, gflops: 1, computeMs: ms, commMs: 0, ...patch },
    ms,
  );
}

const runOf = (results: readonly BenchResult[], overlay = false) => ({
  id: overlay ? 'b' : 'a',
  name: overlay ? 'other' : '',
  overlay,
  results,
});

const scaled = [
  productOf({}),
  productOf({ worldSize: 2, medianMs: 5, computeMs: 4, commMs: 0.5, waitMs: 0.25 }),
  productOf({ worldSize: 4, medianMs: 4 }),
  productOf({ worldSize: 2, backend: 'webgpu', medianMs: 9 }),
  productOf({ worldSize: 2, op: 'mlp', samplesMs: [], medianMs: 0 }),
];

describe('scaling', () => {
  const [layer] = layersIn(scaled);
  it('knows the layers that were measured', () => {
    expect(layersIn(scaled)).toHaveLength(1);
    expect(layer?.label).toBe('Row-parallel linear · 1 × 8 × 8');
  });
  it('is over one rank of the same backend, or not there', () => {
    expect(speedUpsOf(scaled)(scaled[1] ?? productOf({}))).toBe(1.6);
    expect(speedUpsOf(scaled)(scaled[3] ?? productOf({}))).toBeNull();
    const [cpu, ...none] = scalingSeries([runOf(scaled)], layer?.key ?? '', 'efficiency');
    expect(none).toEqual([]);
    expect(cpu?.points.map(({ x, y }) => [x, y])).toEqual([
      [1, 1],
      [2, 0.8],
      [4, 0.5],
    ]);
  });
  it('draws blocks of rows beside the layer in one piece, over the same one rank', () => {
    const blocks = (count: number, medianMs: number): BenchResult =>
      productOf({ worldSize: 2, medianMs, shape: { m: 1, k: 8, n: 8, blocks: count } });
    const all = [...scaled, blocks(2, 4), blocks(4, 2)];
    expect(layersIn(all)).toEqual(layersIn(scaled));
    const drawn = scalingSeries([runOf(all)], layer?.key ?? '', 'speed-up');
    expect(drawn.map(({ label, points }) => [label, points.map(({ x, y }) => [x, y])])).toEqual([
      ['CPU', [[1, 1], [2, 1.6], [4, 2]]], // biome-ignore format: as numbers are read
      ['CPU, 2 blocks', [[2, 2]]],
      ['CPU, 4 blocks', [[2, 4]]],
    ]);
    expect(new Set(drawn.map(({ mark }) => mark)).size).toBe(3);
    expect(timeRows([runOf(all)], layer?.key ?? '').map(({ label }) => label)).toContain('CPU, 4 blocks · 2');
    expect(gainsOf(all)).toEqual(gainsOf(scaled));
  });
  it('opens on what the headline speaks of: one fixed layer, however others did', () => {
    const others = [
      productOf({ shape: { m: 1, k: 8, n: 16 }, gflops: 2, samplesMs: [8, 8, 8, 8] }),
      productOf({
        shape: { m: 1, k: 8, n: 16 },
        worldSize: 2,
        medianMs: 2.5,
        samplesMs: [2.4, 2.5, 2.6, 2.5],
      }),
      productOf({ shape: { m: 1, k: 8, n: 16 }, worldSize: 4, medianMs: 5, samplesMs: [4, 5, 6, 5] }),
      productOf({ op: 'mlp', worldSize: 2, medianMs: 0.1 }),
      productOf({ shape: { m: 1, k: 8, n: 4 } }),
      productOf({ shape: { m: 1, k: 8, n: 4 }, worldSize: 2, medianMs: 1, wrong: 3 }),
    ];
    const all = [...scaled, ...others];
    expect(gainsOf(all).map(({ speedUp }) => speedUp)).toEqual([3.2, 2, 1.6, 1.6]);
    expect(fixedCase(all).map(({ speedUp }) => speedUp)).toEqual([3.2, 1.6]);
    const saidOf = (cores?: number): string => {
      const { title, body } = findingsOf(all, cores);
      return [title, ' | ', ...body].map((part) => (typeof part === 'string' ? part : part.strong)).join('');
    };
    expect(saidOf()).toMatch(
      /^4 CPU ranks run the row-parallel linear 1\.6 times as fast as one \| Measured: 1\.60 times \(95 % interval 1\.\d\d to 2\.00\), at .*; 3\.20 on 2\./,
    );
    expect(saidOf(2)).toContain('2 CPU ranks run the row-parallel linear 3.2 times as fast as one');
    expect(saidOf(2)).toContain('More than 2 times is the cache’s doing');

    const block = { op: 'block', shape: { m: 1, hidden: 8 } } as const;
    const slower = [productOf(block), productOf({ ...block, worldSize: 2, medianMs: 10 })];
    expect(findingsOf([...all, ...slower]).title).toBe('More ranks gain no time here');
    const opening = openingLayer([runOf(scaled, true), runOf(all)]);
    expect(layersIn(all).find(({ key }) => key === opening)?.label).toBe('Row-parallel linear · 1 × 8 × 16');
    expect(openingLayer([runOf([]), runOf(scaled, true)])).toBe(layer?.key);
    expect(openingLayer([])).toBeNull();
  });
  it('draws another run over it under its name', () => {
    const series = scalingSeries([runOf(scaled), runOf(scaled, true)], layer?.key ?? '', 'speed-up');
    expect(series.map(({ label, overlay }) => [label, overlay])).toEqual([
      ['CPU', false],
      ['CPU (other)', true],
    ]);
  });
  it('takes a time apart so that its parts are the median', () => {
    const [, two] = timeRows([runOf(scaled)], layer?.key ?? '');
    expect(two?.ms).toEqual({ compute: 4, ring: 0.5, wait: 0.25, rest: 0.25 });
  });
});

it('bandwidth is of one collective and number of ranks, by size', () => {
  const cell = (bytes: number, patch: Partial<BenchResult> = {}) =>
    productOf({ op: 'all_reduce', worldSize: 2, shape: {}, bytes, busBwGBs: bytes / 100, ...patch });
  const results = [cell(400), cell(100), cell(100, { worldSize: 4 }), cell(100, { op: 'broadcast' })];
  expect(ranksOf([runOf(results)], 'all_reduce')).toEqual([2, 4]);
  const [series, ...others] = bandwidthSeries([runOf(results)], 'all_reduce', 2);
  expect(others).toEqual([]);
  expect(series?.points.map(({ x, y }) => [x, y])).toEqual([
    [100, 1],
    [400, 4],
  ]);
});

describe('the roof', () => {
  const product = (m: number, gflops: number, variant = '') =>
    productOf({ op: 'gemm', shape: { m, k: 64, n: 64 }, gflops, variant });
  it('counts each matrix once', () => {
    expect(intensityOf({ shape: { m: 64, k: 64, n: 64 } })).toBeCloseTo((2 * 64) / 12, 12);
  });
  it('is the most that was measured, and no product is above it', () => {
    const results = [product(1, 2, 'a'), product(64, 9, 'a'), product(64, 5, 'b')];
    const [roof] = measuredRoofs(results, [0.25, 64]);
    expect(roof?.points.at(-1)).toEqual({ x: 64, y: 9 });
    expect(roof?.points[0]?.y).toBeCloseTo((2 / intensityOf({ shape: { m: 1, k: 64, n: 64 } })) * 0.25, 9);
    expect(roofSeries([runOf(results)])[0]?.points.map(({ label }) => label)).toEqual([undefined, 'a', 'b']);
  });
  it('is as far from each product as the table and the chart say', () => {
    const results = [product(1, 2), product(64, 9), product(64, 4.5)];
    const shareOf = roofShares(results);
    expect(results.map(shareOf)).toEqual([1, 1, 0.5]);
    expect(shareOf(productOf({ op: 'mlp' }))).toBeNull();
    const [series] = roofSeries([runOf(results)]);
    expect(series?.points[2]?.text).toContain('50 % of the roof');
  });
  it('of a datasheet says so', () => {
    const gpu = GPUS.find(({ id }) => id === 'rtx-3090');
    if (gpu === undefined) throw new Error('there are GPUs');
    expect(datasheetRoof(gpu, [0.25, 1024])).toMatchObject({ label: 'RTX 3090, datasheet, bfloat16' });
  });
});
