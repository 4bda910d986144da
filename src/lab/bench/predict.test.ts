import { describe, expect, it } from 'vitest';
import { casesOf, specOfCase } from '../../bench/cases.ts';
import { predictCollective } from '../../bench/costModel.ts';
import { parseOptions } from '../../bench/parseOptions.ts';
import type { BenchCase, BenchResult } from '../../bench/record.ts';
import { resultOf } from '../../bench/testing/resultOf.ts';
import { workOver } from '../../bench/transport.ts';
import { type CollectiveOp, isCollective } from '../../collectives/kinds.ts';
import { ringWork } from '../../collectives/work.ts';
import { costOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import { isLayerCase, layerCostOf } from './layerCost.ts';
import { modelsOf, predictedMs, predictionOf } from './predict.ts';

const LINK = { alphaMs: 0.02, betaGBs: 3 };
/** GFLOP/s of a rank. */
const RATE = 4;

/** A machine that does as the model says. */
function asPredicted(one: BenchCase): BenchResult {
  const layer = isLayerCase(one) ? layerCostOf(one) : null;
  const work = workOver(one.transport) ?? ringWork;
  const carried = layer?.collectives ?? [{ kind: one.op as CollectiveOp, bytes: one.bytes }];
  const commMs = carried.reduce((sum, { kind, bytes }) => {
    return one.worldSize === 1 ? 0 : sum + predictCollective({ ...LINK, work }, kind, one.worldSize, bytes);
  }, 0);
  const computeMs = (layer?.flops ?? 0) / RATE / 1e6;
  const ms = computeMs + commMs;
  const gflops = ((layer?.flops ?? 0) * one.worldSize) / ms / 1e6;
  return resultOf({ ...one, computeMs, commMs, gflops }, ms);
}

const options = parseOptions({
  suite: 'collectives,layers',
  device: 'cpu',
  ranks: '1,2,4',
  sizes: '4KiB,256KiB,4MiB',
  ops: 'all_reduce,column_linear,row_linear,mlp',
  blocks: '1,2',
});
const results = casesOf(options).map(asPredicted);

it('predicts each cell of a machine that does as the model says', () => {
  const models = modelsOf(results);
  expect(models).toHaveLength(1);
  for (const result of results) expect(predictionOf(models, result)?.ratio).toBeCloseTo(1, 3);
});

it('says nothing where a run has nothing to say it from', () => {
  const layers = modelsOf(results.filter(({ op }) => !isCollective(op)));
  const split = results.find((result) => isLayerCase(result) && result.worldSize > 1);
  const whole = results.find((result) => isLayerCase(result) && result.worldSize === 1);
  if (split === undefined || whole === undefined) throw new Error('both were measured');
  expect(predictedMs(layers, split)).toBeNull(); // its ring was not measured
  expect(predictedMs(layers, whole)).toBeCloseTo(whole.medianMs, 9);
  expect(predictedMs(layers, { ...whole, backend: 'webgpu' })).toBeNull();
  expect(predictionOf(layers, { ...whole, samplesMs: [], medianMs: 0 })).toBeNull();
});

it('fits no cell that is wrong, or was measured in a hidden tab', () => {
  const spoilt = results.map((result, i) => {
    if (i % 3 === 0) return { ...result, medianMs: 50 * result.medianMs, wrong: 1, ok: false };
    if (i % 3 === 1)
      return { ...result, medianMs: 50 * result.medianMs, note: 'unreliable: the tab was hidden' };
    return result;
  });
  const models = modelsOf(spoilt);
  const sound = results.filter((_, i) => i % 3 === 2);
  expect(sound.filter(({ op }) => isCollective(op)).length).toBeGreaterThan(1);
  for (const result of sound) {
    const prediction = predictionOf(models, result);
    if (prediction !== null) expect(prediction.ratio).toBeCloseTo(1, 3);
  }
});

it('fits nothing to one device, whose collectives have no steps', () => {
  const oneDevice = { placement: 'one-device', transport: 'one-device' } as const;
  const [model] = modelsOf(results.map((result) => ({ ...result, ...oneDevice })));
  expect(model?.links.size).toBe(0);
  expect(model?.unfit).toEqual(['one-device']);
});

it('gives each rank of NCCL a GPU of its own', () => {
  const [shared] = modelsOf(results);
  const [own] = modelsOf(results.map((result) => ({ ...result, backend: 'torch-nccl' as const })));
  expect(shared?.shared).toBe(true);
  expect(own?.shared).toBe(false);
  const [layer] = results.filter((result) => result.op === 'mlp' && result.worldSize === 4);
  if (layer === undefined || own === undefined) throw new Error('it was measured');
  const at = (worldSize: number) => predictedMs([own], { ...layer, backend: 'torch-nccl', worldSize }) ?? 0;
  expect(at(8)).toBeLessThan(at(4)); // half the work, at the same rate
});

it('says nothing of a layer that cannot be planned', () => {
  const block = { ...results.find(({ op }) => op === 'mlp'), op: 'block', worldSize: 1 } as BenchResult;
  const models = modelsOf(results);
  const whole = { m: 1, past: 0, hidden: 64, heads: 4, kvHeads: 2, headDim: 16, intermediate: 64 };
  expect(predictedMs(models, { ...block, shape: whole })).toBeGreaterThan(0);
  expect(predictedMs(models, { ...block, shape: {} })).toBeNull();
  expect(predictedMs(models, { ...block, shape: { ...whole, heads: 3 } })).toBeNull();
  const startMs = performance.now();
  const many = { ...block, worldSize: 2_000_000, transport: 'shared-memory-auto' } as const;
  expect(predictedMs(models, { ...many, shape: whole })).toBeNull();
  expect(performance.now() - startMs).toBeLessThan(50);
});

it('costs a layer as its first rank, which has the most', () => {
  const shape = { m: 3, past: 2, hidden: 60, heads: 15, kvHeads: 5, headDim: 4, intermediate: 23, vocab: 31 };
  for (const op of ['mlp', 'attention', 'embedding', 'block'] as const) {
    for (const worldSize of [1, 2, 3, 5, 7, 10, 16]) {
      const plan = planLayer(specOfCase(op, shape), worldSize, { tokens: 3, past: 2 });
      const flops = Array.from({ length: worldSize }, (_, rank) => costOf(plan, rank).flops);
      expect(layerCostOf({ op, shape, worldSize })?.flops).toBe(Math.max(...flops));
    }
  }
});

describe('the cost of a linear layer', () => {
  const shape = { m: 3, k: 10, n: 7 };
  it('is that of the rank with the most', () => {
    expect(layerCostOf({ op: 'column_linear', shape, worldSize: 4 })).toEqual({
      flops: 2 * 3 * 10 * 2,
      weightBytes: 4 * 2 * 10,
      heldBytes: 4 * (2 * 10 + 3 * 10 + 2 * 3 * 7),
      collectives: [{ kind: 'all_gather', bytes: 4 * 3 * 7 }],
    });
    expect(layerCostOf({ op: 'row_linear', shape, worldSize: 4 })).toEqual({
      flops: 2 * 3 * 3 * 7,
      weightBytes: 4 * 3 * 7,
      heldBytes: 4 * (3 * 7 + 3 * 3 + 2 * 3 * 7),
      collectives: [{ kind: 'all_reduce', bytes: 4 * 3 * 7 }],
    });
  });
});
