import { describe, expect, it } from 'vitest';
import { casesOf } from '../../src/bench/cases.ts';
import { type BenchOptions, DEFAULT_OPTIONS } from '../../src/bench/options.ts';
import type { BenchResult } from '../../src/bench/record.ts';
import { type RunnerOptions, runBench } from '../../src/lab/bench/runner.ts';

const small: BenchOptions = {
  ...DEFAULT_OPTIONS,
  suites: ['collectives', 'layers', 'gemm'],
  ranks: [1, 3],
  algorithms: ['auto', 'ring', 'one-shot', 'two-shot'],
  sizes: [4, 4100, 65_536],
  shapes: [{ m: 5, k: 48, n: 33 }],
  model: { hidden: 48, intermediate: 80, heads: 6, kvHeads: 2, headDim: 8, vocab: 101 },
  passes: [
    { m: 5, past: 0 },
    { m: 1, past: 9 },
  ],
  budgetMs: 10,
};

/** How a sum goes round is no matter of the device; and a rank by itself, and its products, none of the placement. */
const onWebGpu: Record<'worker' | 'one-device', Partial<BenchOptions>> = {
  worker: { algorithms: ['auto'], sizes: [4100] },
  'one-device': { sizes: [4100], suites: ['collectives', 'layers'], ranks: [3] },
};

const quiet: RunnerOptions = {
  signal: new AbortController().signal,
  resumed: async () => {},
  onProgress: () => {},
  onResult: () => {},
  onDevice: () => {},
};

async function resultsOf(options: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  await runBench(options, { ...quiet, onResult: (result) => results.push(result) });
  return results;
}

describe.each(['cpu', 'webgpu'] as const)('a benchmark on %s', (device) => {
  it.each(['worker', 'one-device'] as const)(
    'measures every case, %s placement, and nothing is wrong',
    async (placement) => {
      const options: BenchOptions = {
        ...small,
        ...(device === 'webgpu' && onWebGpu[placement]),
        devices: [device],
        placements: [placement],
      };
      const results = await resultsOf(options);
      expect(results).toHaveLength(casesOf(options).length);
      expect(results.filter((result) => !result.ok)).toEqual([]);
      for (const result of results) {
        expect(result.samplesMs.length).toBeGreaterThanOrEqual(10);
        expect(result.p10Ms).toBeLessThanOrEqual(result.medianMs);
        expect(result.medianMs).toBeLessThanOrEqual(result.p90Ms);
        expect(result.medianMs).toBeGreaterThan(0);
      }
    },
    120_000,
  );
});

it('tells what a product owes to how its weight is stored, and what cannot be stored so', async () => {
  const shape = { m: 5, k: 64, n: 33 };
  const options: BenchOptions = {
    ...small,
    suites: ['gemm'],
    devices: ['webgpu'],
    shapes: [shape, { ...shape, k: 48 }],
    variants: ['reference', 'registers'],
    weights: ['f32', 'f16', 'bf16', 'q8', 'q4'],
  };
  const results = await resultsOf(options);
  const refused = results.filter(({ ok }) => !ok);
  expect(refused.map(({ dtype, shape: { k } }) => `${dtype} ${k}`).toSorted()).toEqual([
    'q4 48',
    'q4 48',
    'q8 48',
    'q8 48',
  ]);
  for (const { note } of refused) expect(note).toContain('A row of 48 elements would cut a block of 32');
  // Of weights and inputs that are uniform in [−1, 1): a step s rounds by s/√12, beside the 1/√3 of a weight.
  const due = { f16: 2e-4, bf16: 1.5e-3, q8: 4e-3, q4: 7e-2 } as const;
  for (const { ok, dtype, roundingRmsError, roundingMaxError } of results) {
    if (!ok) continue;
    if (dtype === 'f32') expect({ roundingRmsError, roundingMaxError }).toEqual({});
    const most = due[dtype as keyof typeof due] ?? Number.POSITIVE_INFINITY;
    if (dtype !== 'f32') {
      expect(roundingRmsError).toBeGreaterThan(most / 3);
      expect(roundingRmsError).toBeLessThan(1.5 * most);
      expect(roundingMaxError).toBeGreaterThan(most / 3);
    }
  }
}, 120_000);

describe('whole models', () => {
  const models: BenchOptions = { ...small, suites: ['model'] };

  it.each([
    ['cpu', 'worker', [1, 3]],
    ['cpu', 'one-device', [3]],
    ['webgpu', 'worker', [3]],
  ] as const)(
    'are what one CPU rank computes, on %s, %s placement',
    async (device, placement, ranks) => {
      const results = await resultsOf({ ...models, devices: [device], placements: [placement], ranks });
      expect(results.map(({ note, ok }) => ({ note: ok ? '' : note, ok }))).toEqual(
        results.map(() => ({ note: '', ok: true })),
      );
      expect(results.map(({ op, worldSize }) => `${op} on ${worldSize}`).toSorted()).toEqual(
        ['decode', 'prefill'].flatMap((op) => ranks.map((worldSize) => `${op} on ${worldSize}`)),
      );
      for (const { variant, gflops, maxAbsError, computeMs, worldSize, commMs } of results) {
        expect(variant).toBe('stories');
        expect(gflops).toBeGreaterThan(0);
        expect(computeMs).toBeGreaterThan(0);
        expect(maxAbsError).toBeLessThan(1e-3);
        if (worldSize > 1 && placement === 'worker') expect(commMs).toBeGreaterThan(0);
      }
    },
    120_000,
  );

  it('that are not there are rows with the reason', async () => {
    const checkpoints = [new URL('/no/such/model/', location.href).href];
    const results = await resultsOf({ ...models, ranks: [1], devices: ['cpu'], checkpoints });
    expect(results).toHaveLength(2);
    for (const { ok, samplesMs, note, variant } of results) {
      expect({ ok, samplesMs, variant }).toEqual({ ok: false, samplesMs: [], variant: 'model' });
      expect(note).toMatch(/config\.json/);
    }
  });
});

it('stops in the middle of a case, with those before it handed over', async () => {
  const controller = new AbortController();
  const results: BenchResult[] = [];
  const run = runBench(
    { ...small, suites: ['collectives'], devices: ['cpu'], sizes: [4], budgetMs: 500 },
    {
      ...quiet,
      signal: controller.signal,
      onResult: (result) => results.push(result),
      onProgress: ({ done, current }) => {
        if (done === 2 && current !== null) setTimeout(() => controller.abort(), 100);
      },
    },
  );
  await expect(run).rejects.toMatchObject({ code: 'closed' });
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
});
