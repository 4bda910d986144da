/** Every layer of the Layers page on real ranks: what they do is what the plan says, to the last element. */

import { afterAll, describe, expect, it, vi } from 'vitest';
import { createExperimentStore } from '../../src/lab/experiment.ts';
import {
  type LayerGroup,
  type LayersState,
  launchLayers,
  layersExperiment,
  openTensor,
  runLayer,
} from '../../src/lab/layers/experiment.ts';
import { DEFAULT_PARAMS, LAYER_CHOICES, type LayerParams } from '../../src/lab/layers/params.ts';
import { problemWith } from '../../src/lab/layers/problem.ts';
import type { LayerRun } from '../../src/lab/layers/run.ts';
import { normalize } from '../../src/lab/layers/spec.ts';
import { hasCache } from '../../src/program/layers.ts';
import { elementsOf, stepsOf } from '../../src/program/plan.ts';

type Patch = Partial<LayerParams>;
const NONE = new Float32Array(0);

/** As on the page, where a group of ranks runs one layer after another: one for each number of ranks and device. */
const groups = new Map<string, LayerGroup>();
/** That of the last run. */
let group: LayerGroup;
afterAll(() => Promise.all([...groups.values()].map((one) => one.close())));

function paramsOf(patch: Patch): LayerParams {
  const params = normalize({ ...DEFAULT_PARAMS, tokens: 5, ...patch });
  expect(problemWith(params)).toBeNull();
  return params;
}

async function run(patch: Patch): Promise<LayerRun> {
  const params = paramsOf(patch);
  const key = `${params.ranks} ${params.device}`;
  group = groups.get(key) ?? (await launchLayers(params));
  groups.set(key, group);
  return runLayer(group, params);
}

function expectAsPlanned({ verdict, params, predicted, measured }: LayerRun): void {
  const { steps, sums, asPlanned, check, sameBits } = verdict;
  const where = JSON.stringify(params);
  expect({ steps, sums, asPlanned }, where).toEqual({ steps: [], sums: [], asPlanned: true });
  expect(measured, where).toEqual(predicted);
  expect(check, where).toMatchObject({ pass: true });
  expect(check.count).toBeGreaterThan(0);
  expect(sameBits, where).toBe(params.layer === 'block-sp' ? null : true);
}

const LAYERS: Patch[] = LAYER_CHOICES.map(({ id }) => ({ layer: id }));
/** Sizes and switches that take another way through a layer. */
const VARIANTS: Patch[] = [
  { layer: 'linear-pair', sizes: { bias: true, intermediate: 3 } },
  { layer: 'linear-pair', sizes: { blocks: 2 } },
  { layer: 'mlp', sizes: { blocks: 4, bias: true, intermediate: 5 } },
  { layer: 'embedding', sizes: { padTo: 64, vocab: 100 } },
  { layer: 'head', sizes: { padTo: 16, vocab: 5 } },
  { layer: 'cross-entropy', sizes: { padTo: 16, vocab: 37 } },
  { layer: 'mlp', sizes: { merged: true, bias: true, intermediate: 21 } },
  { layer: 'mlp', sizes: { activation: 'gelu', bias: true } },
  { layer: 'mlp', sizes: { activation: 'gelu-tanh', intermediate: 2 } },
  { layer: 'attention', preset: 'qwen2.5-0.5b' },
  { layer: 'attention', sizes: { heads: 6, kvHeads: 3, qkNorm: true, qkvBias: true } },
  { layer: 'attention', sizes: { heads: 10, kvHeads: 2, rope: false, headDim: 5 } },
  { layer: 'moe', preset: 'mixtral-8x7b', sizes: { experts: 3, topK: 1 } },
  { layer: 'moe', preset: 'deepseek-v3', sizes: { reduce: 'once' } },
  { layer: 'moe', preset: 'deepseek-v3', sizes: { sharedExperts: 0, gateBias: false } },
  { layer: 'mla', sizes: { cache: 'absorbed', heads: 3 } },
  { layer: 'mla', sizes: { qLoraRank: 0, heads: 5 } },
  { layer: 'block', preset: 'deepseek-v3', sizes: { 'attention.cache': 'absorbed', hidden: 30 } },
  { layer: 'block', sizes: { 'mlp.bias': true, 'attention.heads': 3, 'attention.kvHeads': 1 } },
  { layer: 'block', preset: 'mixtral-8x7b' },
  { layer: 'block-sp', preset: 'deepseek-v3', tokens: 3 },
  { layer: 'block-sp', sizes: { 'mlp.bias': true } },
];
/** As when a text is continued: one new token, and earlier ones in the cache. */
const DECODE: Patch[] = LAYER_CHOICES.filter(hasCache).flatMap(({ id: layer }) => [
  { layer, tokens: 1, past: 6 },
  { layer, tokens: 3, past: 2, ...(layer === 'mla' && { sizes: { cache: 'absorbed' } }) },
]);

describe('as planned, and right', () => {
  it.each([1, 3, 8])('on %i CPU ranks', async (ranks) => {
    for (const patch of [...LAYERS, ...VARIANTS, ...DECODE]) {
      expectAsPlanned(await run({ ...patch, ranks, device: 'cpu' }));
    }
  });

  it.each([1, 3])('on %i WebGPU ranks', async (ranks) => {
    for (const patch of [...LAYERS, ...(ranks === 3 ? [...VARIANTS, ...DECODE] : [])]) {
      expectAsPlanned(await run({ ...patch, ranks, device: 'webgpu' }));
    }
  });
});

describe('tensors that are opened', () => {
  const layers: Patch[] = [
    ...LAYERS,
    { layer: 'mlp', sizes: { merged: true, bias: true } },
    { layer: 'mla', sizes: { cache: 'absorbed' }, past: 3 },
    { layer: 'attention', sizes: { kvHeads: 2, heads: 4 }, past: 4 },
    { layer: 'head', sizes: { padTo: 64, vocab: 100 } },
  ];

  it.each(['cpu', 'webgpu'] as const)('have the planned shape on %s ranks', async (device) => {
    for (const patch of device === 'cpu' ? layers : layers.slice(-5)) {
      const { plan, params } = await run({ ...patch, ranks: 3, device });
      for (const { id, shapes, placement } of plan.tensors.values()) {
        const { ranks } = await openTensor(group, id);
        const where = `${id} of ${JSON.stringify(params)}`;
        for (const [rank, opened] of ranks.entries()) {
          const shape = shapes[rank] ?? [];
          if (elementsOf(shape) === 0) expect(opened, where).toBeNull();
          // A rank without heads has no use for the angles of RoPE.
          else if (!id.endsWith('angles')) expect(opened?.shape, where).toEqual(shape);
          if (opened === null) continue;
          const { rows, cols, values } = opened.preview;
          expect(rows * cols, where).toBe(elementsOf(shape));
          expect(values.length, where).toBeGreaterThan(0);
          expect(opened.min, where).toBeLessThanOrEqual(opened.max);
        }
        if (placement.kind !== 'replicated') continue;
        const [first, ...others] = ranks.filter((opened) => opened !== null);
        for (const other of others) expect(other, where).toEqual(first);
      }
    }
  });

  it('are the partials before the sum, and the sum after it', async () => {
    const { plan } = await run({ layer: 'mlp', ranks: 4, device: 'cpu', sizes: { hidden: 12 } });
    const open = async (id: string): Promise<Float32Array[]> =>
      (await openTensor(group, id)).ranks.map((opened) => opened?.preview.values ?? NONE);
    const [partials, sums] = [await open('partial'), await open(plan.output)];
    for (const [rank, sum] of sums.entries()) {
      expect(sum).toEqual(sums[0]);
      expect(sum).not.toEqual(partials[rank]);
      for (const [i, value] of sum.entries()) {
        const total = partials.reduce((all, partial) => all + (partial[i] ?? Number.NaN), 0);
        expect(value).toBeCloseTo(total, 5);
      }
    }
  });

  it('are the cache with its earlier tokens, and null of what is not in the plan', async () => {
    const { plan } = await run({ layer: 'attention', ranks: 2, device: 'cpu', tokens: 1, past: 4 });
    const { ranks } = await openTensor(group, 'k cache');
    expect(plan.tensors.get('k cache')?.shapes[0]?.[0]).toBe(5);
    for (const cache of ranks) {
      expect(cache?.preview).toMatchObject({ rows: 5, exact: true });
      const { cols, values } = cache?.preview ?? { cols: 0, values: NONE };
      for (let row = 0; row < 5; row++) {
        expect(values.subarray(row * cols, (row + 1) * cols).some((value) => value !== 0)).toBe(true);
      }
    }
    expect((await openTensor(group, 'no such tensor')).ranks).toEqual([null, null]);
  });
});

describe('a run', () => {
  it('tells how long each step took, of ranks that had it to do', async () => {
    const { plan, times, startMs, endMs, oneGoMs, spans } = await run({ layer: 'block', device: 'cpu' });
    expect([...times.keys()].sort()).toEqual(
      stepsOf(plan)
        .map(({ id }) => id)
        .sort(),
    );
    for (const row of times.values()) {
      expect(row).toHaveLength(4);
      for (const { ms, waitMs } of row) {
        expect(ms).toBeGreaterThanOrEqual(waitMs);
        expect(waitMs).toBeGreaterThanOrEqual(0);
      }
    }
    expect(oneGoMs).toBeGreaterThan(0);
    expect(endMs - startMs).toBeGreaterThan(0);
    expect(spans.every((span) => span.startMs >= startMs && span.endMs <= endMs)).toBe(true);
  });

  it('in one go has a GPU at work on all blocks before the first of them is summed', async () => {
    const sizes = { blocks: 4 };
    const { oneGoSpans, plan } = await run({ layer: 'linear-pair', device: 'webgpu', ranks: 2, sizes });
    for (const rank of [0, 1]) {
      const spans = oneGoSpans.filter((span) => span.rank === rank);
      const sums = spans.filter((span) => span.kind === 'collective');
      expect(sums.map(({ bytes }) => bytes)).toEqual(
        stepsOf(plan).flatMap((step) => (step.kind === 'collective' ? [4 * step.length] : [])),
      );
      const ringMs = Math.min(...sums.map(({ startMs }) => startMs));
      const before = spans.filter(({ kind, startMs }) => kind === 'batch' && startMs < ringMs);
      expect(before).toHaveLength(4); // a copy and a product each
    }
  });

  it('is another with another seed, and the same with the same', async () => {
    const hash = async (seed: number): Promise<string | null | undefined> =>
      (await run({ layer: 'mlp', device: 'cpu', ranks: 2, seed })).ranks[0]?.outputHash;
    const first = await hash(1);
    expect(await hash(2)).not.toBe(first);
    expect(await hash(1)).toBe(first);
  });
});

it('the store runs, opens and stops', async () => {
  const store = createExperimentStore(layersExperiment, {
    params: paramsOf({ layer: 'block', device: 'cpu', ranks: 2 }),
    selected: 'x1',
  });
  const until = (done: (state: LayersState) => boolean): Promise<unknown> =>
    vi.waitFor(() => expect(done(store.getState())).toBe(true), { timeout: 10_000 });
  const { change, select, stop } = store.getState();
  try {
    await until(({ opened }) => opened !== null);
    expect(store.getState()).toMatchObject({ phase: 'idle', alive: true, failure: null });
    expect(store.getState().run?.verdict.asPlanned).toBe(true);
    select('y');
    await until(({ opened }) => opened?.id === 'y');
    change({ layer: 'moe', ranks: 3 });
    await until(({ run, phase }) => run?.params.layer === 'moe' && phase === 'idle');
    expect(store.getState().run?.verdict).toMatchObject({ asPlanned: true, sameBits: true });
    expect(store.getState().run?.ranks).toHaveLength(3);
    stop();
    expect(store.getState()).toMatchObject({ alive: false, failure: null });
    expect(store.getState().run).not.toBeNull();
  } finally {
    stop();
  }
});
