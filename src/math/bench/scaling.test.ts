import { describe, expect, it } from 'vitest';
import { presets } from '../plans/presets.ts';
import { FABRICS, GPUS, linkOf } from './hardware.ts';
import { type PaperMachine, type PaperRun, paperCost } from './scaling.ts';

const machine: PaperMachine = {
  teraflops: 1000,
  memoryGBs: 2000,
  memoryGB: 80,
  tensorLink: { alphaMs: 0.003, betaGBs: 300 },
  outerLink: { alphaMs: 0.008, betaGBs: 50 },
  efficiency: 1,
};
const model = presets.find(({ id }) => id === 'llama-3-70b')?.model;
if (model === undefined) throw new Error('the preset is there');
const layout = (tensor: number, pipeline = 1, data = 1) => ({ tensor, pipeline, data });
const run = (mode: PaperRun['mode'], sequences = 1, context = 1024): PaperRun => ({
  mode,
  sequences,
  context,
  microbatches: 8,
});

describe('a model on paper', () => {
  it('decodes one token by reading all weights', () => {
    const cost = paperCost(model, layout(1), run('decode'), machine);
    // 70.55e9 bfloat16 weights at 2000 GB/s, and a cache of 1024 tokens that is small beside them
    expect(cost.computeMs).toBeGreaterThan(70.5);
    expect(cost.computeMs).toBeLessThan(71.5);
    expect(cost.tensorMs).toBe(0);
    expect(cost.fits).toBe(false);
    expect(cost.tokensPerSecond).toBeCloseTo(1000 / cost.stepMs, 6);
  });

  it('on more ranks computes less, and pays for it in collectives', () => {
    const costs = [1, 2, 4, 8].map((tensor) => paperCost(model, layout(tensor), run('decode'), machine));
    for (const [i, cost] of costs.entries()) {
      const before = costs[i - 1];
      if (before === undefined) continue;
      expect(cost.computeMs).toBeLessThan(before.computeMs);
      expect(cost.tensorMs).toBeGreaterThan(before.tensorMs);
      expect(cost.memoryGB).toBeLessThan(before.memoryGB);
    }
    expect(costs[3]?.fits).toBe(true);
  });

  it('in a pipeline has a bubble when it trains, and no gain for a single token', () => {
    const train = paperCost(model, layout(8, 4), run('train', 8), machine);
    expect(train.bubbleMs).toBeCloseTo((3 / 8) * (train.computeMs + train.tensorMs), 9);
    const [one, four] = [1, 4].map((stages) => paperCost(model, layout(8, stages), run('decode'), machine));
    expect(four?.stepMs).toBeCloseTo(one?.stepMs ?? 0, 6);
    expect(four?.memoryGB).toBeCloseTo((one?.memoryGB ?? 0) / 4, 6);
  });

  it('with copies sums gradients, in training only', () => {
    expect(paperCost(model, layout(8, 4, 16), run('train', 256), machine).dataMs).toBeGreaterThan(0);
    expect(paperCost(model, layout(8, 4, 16), run('prefill', 256), machine).dataMs).toBe(0);
    expect(paperCost(model, layout(8, 16, 64), run('train', 512), machine).ranks).toBe(8192);
  });

  it('refuses a layout without ranks', () => {
    expect(() => paperCost(model, layout(0), run('decode'), machine)).toThrow('at least one rank');
  });
});

it('every figure has its source, and NVLink is the GPU’s own', () => {
  for (const { source, teraflops, memoryGBs } of GPUS) {
    expect(source).not.toBe('');
    expect(teraflops).toBeGreaterThan(0);
    expect(memoryGBs).toBeGreaterThan(0);
  }
  const [nvlink] = FABRICS;
  for (const gpu of GPUS) {
    expect(nvlink && linkOf(gpu, nvlink)).toEqual(
      gpu.nvlinkGBs === null ? null : { alphaMs: 0.003, betaGBs: gpu.nvlinkGBs },
    );
  }
});
