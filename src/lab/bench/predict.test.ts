import { describe, expect, it } from 'vitest';
import { casesOf } from '../../math/bench/cases.ts';
import { predictCollective } from '../../math/bench/costModel.ts';
import { parseOptions } from '../../math/bench/parseOptions.ts';
import type { BenchCase, BenchResult, CollectiveOp } from '../../math/bench/record.ts';
import { isLayerCase, layerCostOf } from './layerCost.ts';
import { isCollective, modelsOf, predictedMs, predictionOf } from './predict.ts';

const LINK = { alphaMs: 0.02, betaGBs: 3 };
/** GFLOP/s of a rank. */
const RATE = 4;

/** A machine that does as the model says. */
function resultOf(one: BenchCase): BenchResult {
  const layer = isLayerCase(one) ? layerCostOf(one) : null;
  const carried = layer?.collectives ?? [{ kind: one.op as CollectiveOp, bytes: one.bytes }];
  const commMs = carried.reduce((sum, { kind, bytes }) => {
    return one.worldSize === 1 ? 0 : sum + predictCollective(LINK, kind, one.worldSize, bytes);
  }, 0);
  const computeMs = (layer?.flops ?? 0) / RATE / 1e6;
  const ms = computeMs + commMs;
  return {
    ...{ ...one, samplesMs: [ms], medianMs: ms, p10Ms: ms, p90Ms: ms, computeMs, commMs, waitMs: 0 },
    ...{ gflops: ((layer?.flops ?? 0) * one.worldSize) / ms / 1e6, algBwGBs: 1, busBwGBs: 1 },
    ...{ maxAbsError: 0, wrong: 0, ok: true, note: '' },
  };
}

const options = parseOptions({
  ...{ suite: 'collectives,layers', device: 'cpu', ranks: '1,2,4', sizes: '4KiB,256KiB,4MiB' },
  ...{ ops: 'all_reduce,column_linear,row_linear,mlp' },
});
const results = casesOf(options).map(resultOf);

it('predicts each cell of a machine that does as the model says', () => {
  const models = modelsOf(results);
  expect(models).toHaveLength(1);
  for (const result of results) expect(predictionOf(models, result)?.ratio).toBeCloseTo(1, 3);
});

it('says nothing where a run has nothing to say it from', () => {
  const layers = modelsOf(results.filter((result) => !isCollective(result)));
  const split = results.find((result) => isLayerCase(result) && result.worldSize > 1);
  const whole = results.find((result) => isLayerCase(result) && result.worldSize === 1);
  if (split === undefined || whole === undefined) throw new Error('both were measured');
  expect(predictedMs(layers, split)).toBeNull(); // its ring was not measured
  expect(predictedMs(layers, whole)).toBeCloseTo(whole.medianMs, 9);
  expect(predictedMs(layers, { ...whole, backend: 'webgpu' })).toBeNull();
  expect(predictionOf(layers, { ...whole, samplesMs: [], medianMs: 0 })).toBeNull();
});

describe('the cost of a linear layer', () => {
  const shape = { m: 3, k: 10, n: 7 };
  it('is that of the rank with the most', () => {
    expect(layerCostOf({ op: 'column_linear', shape, worldSize: 4 })).toEqual({
      flops: 2 * 3 * 10 * 2,
      weightBytes: 4 * 2 * 10,
      collectives: [{ kind: 'all_gather', bytes: 4 * 3 * 7 }],
    });
    expect(layerCostOf({ op: 'row_linear', shape, worldSize: 4 })).toEqual({
      flops: 2 * 3 * 3 * 7,
      weightBytes: 4 * 3 * 7,
      collectives: [{ kind: 'all_reduce', bytes: 4 * 3 * 7 }],
    });
  });
});
