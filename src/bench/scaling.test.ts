import { describe, expect, it } from 'vitest';
import { presets } from '../models/presets.ts';
import { FABRICS, type Fabric, GPUS, type Gpu, linkOf, problemWithFabric } from './hardware.ts';
import { type PaperMachine, type PaperRun, paperCost } from './scaling.ts';

const machine: PaperMachine = {
  teraflops: 1000,
  memoryGBs: 2000,
  memoryGB: 80,
  tensorLink: { alphaMs: 0.003, betaGBs: 300 },
  outerLink: { alphaMs: 0.008, betaGBs: 50 },
  efficiency: 1,
};
function presetOf(wanted: string) {
  const model = presets.find(({ id }) => id === wanted)?.model;
  if (model === undefined) throw new Error('the preset is there');
  return model;
}
const model = presetOf('llama-3-70b');
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
    expect(train.bubbleMs).toBeCloseTo((3 / 8) * (train.computeMs + train.tensorMs + train.outerMs), 9);
    const [one, four] = [1, 4].map((stages) => paperCost(model, layout(8, stages), run('decode'), machine));
    expect(four?.stepMs).toBeCloseTo((one?.stepMs ?? 0) + (four?.outerMs ?? 0), 6);
    expect(four?.memoryGB).toBeCloseTo((one?.memoryGB ?? 0) / 4, 6);
  });

  it('in a pipeline sends what a stage made to the next', () => {
    // A token of Llama 70B is 8192 bfloat16 numbers; from the first of four stages to the last it is sent three times.
    const decode = paperCost(model, layout(8, 4), run('decode'), machine);
    expect(decode.outerMs).toBeCloseTo(3 * (0.008 + (2 * 8192) / 50e6), 9);
    const prefill = paperCost(model, layout(8, 8), run('prefill', 8), machine);
    expect(prefill.outerMs).toBeCloseTo(8 * (0.008 + (2 * 8192 * 1024) / 50e6), 9);
    const slow = { ...machine, outerLink: { ...machine.outerLink, betaGBs: 5 } };
    const slowly = paperCost(model, layout(8, 8), run('prefill', 8), slow);
    expect(slowly.stepMs).toBeGreaterThan(1.05 * prefill.stepMs);
    expect(paperCost(model, layout(8), run('prefill', 8), slow).outerMs).toBe(0);
  });

  it('in a pipeline decodes as many parts of the sequences at once as there are stages', () => {
    const [one, eight] = [1, 8].map((stages) =>
      paperCost(model, layout(8, stages), run('decode', 256, 32_768), machine),
    );
    // Mostly the cache is read: each stage has an eighth of it for each eighth of the sequences.
    const gain = (eight?.tokensPerSecond ?? 0) / (one?.tokensPerSecond ?? 1);
    expect(gain).toBeGreaterThan(5);
    expect(gain).toBeLessThan(8);
    expect(eight?.ranks).toBe(64);
  });

  it('reads only the experts that its tokens choose', () => {
    const deepSeek = presetOf('deepseek-v3');
    const readGB = (sequences: number) => {
      const { computeMs } = paperCost(deepSeek, layout(16), run('decode', sequences, 128), machine);
      return 16 * (computeMs / 1e3) * machine.memoryGBs;
    };
    // 37 billion of 671 billion weights of a byte are active for one token; what is replicated is read 16 times.
    expect(readGB(1)).toBeGreaterThan(37);
    expect(readGB(1)).toBeLessThan(100);
    expect(readGB(1024)).toBeGreaterThan(671);
    // With a second token: 1 − (1 − 8/256)² of the experts in place of 8/256, of 58 layers of 256.
    const expert = 3 * 7168 * 2048;
    const more = (1 - (1 - 8 / 256) ** 2 - 8 / 256) * 256 * 58 * expert;
    const cache = readGB(2) - readGB(1) - more / 1e9;
    expect(cache).toBeGreaterThan(0);
    expect(cache).toBeLessThan(0.3);
  });

  it('trains on every position: 6 FLOPs a weight and token, the head’s too, and those of attention', () => {
    const small = presetOf('llama-3.2-1b');
    const tokens = 4096;
    const { computeMs } = paperCost(small, layout(1), run('train', 1, tokens), machine);
    const weights = 1.2358e9; // the table is looked up on the way in, and multiplied with on the way out
    const attention = 3 * 16 * 2 * 2 * (tokens / 2) * 2048;
    const expected = 6 * weights + attention;
    const flops = (computeMs * machine.teraflops * 1e9) / tokens;
    expect(flops / expected).toBeGreaterThan(0.99);
    expect(flops / expected).toBeLessThan(1.01);
  });

  it('keeps a cache, except in training', () => {
    const memory = (mode: PaperRun['mode'], context: number) =>
      paperCost(model, layout(8), run(mode, 8, context), machine).memoryGB;
    expect(memory('train', 8192)).toBe(memory('train', 128));
    expect(memory('prefill', 8192)).toBeGreaterThan(memory('prefill', 128));
  });

  it('with copies sums gradients, in training only', () => {
    const train = (data: number) => paperCost(model, layout(8, 4, data), run('train', 16 * data), machine);
    expect(train(16).outerMs).toBeGreaterThan(train(1).outerMs);
    const prefill = (data: number) =>
      paperCost(model, layout(8, 4, data), run('prefill', 16 * data), machine);
    expect(prefill(16).outerMs).toBe(prefill(1).outerMs);
    expect(paperCost(model, layout(8, 16, 64), run('train', 512), machine).ranks).toBe(8192);
  });

  it('refuses a layout without ranks', () => {
    expect(() => paperCost(model, layout(0), run('decode'), machine)).toThrow('at least one rank');
  });
});

describe('hardware', () => {
  const gpuOf = (wanted: string) => GPUS.find(({ id }) => id === wanted) as Gpu;
  const fabricOf = (wanted: string) => FABRICS.find(({ id }) => id === wanted) as Fabric;

  it('has a source for every figure, and NVLink is the GPU’s own', () => {
    for (const gpu of GPUS) {
      expect(gpu.source).not.toBe('');
      expect(gpu.teraflops).toBeGreaterThan(0);
      expect(gpu.memoryGBs).toBeGreaterThan(0);
      expect(linkOf(gpu, fabricOf('nvlink'))).toEqual({ alphaMs: 0.003, betaGBs: gpu.nvlinkGBs });
    }
  });

  it('is not joined by what it has not', () => {
    expect(problemWithFabric(gpuOf('a100'), fabricOf('pcie5'), 8)).toBe(
      'A100 80GB SXM has PCIe 4.0. Choose that, or another fabric.',
    );
    expect(problemWithFabric(gpuOf('h100'), fabricOf('pcie5'), 8)).toBeNull();
    expect(problemWithFabric(gpuOf('rtx-3090'), fabricOf('pcie4'), 8)).toBeNull();
    expect(problemWithFabric(gpuOf('a40'), fabricOf('nvlink'), 4)).toBe(
      'NVLink joins at most 2 of A40. Choose another fabric for 4.',
    );
    expect(problemWithFabric(gpuOf('a40'), fabricOf('nvlink'), 2)).toBeNull();
    expect(problemWithFabric(gpuOf('a40'), fabricOf('pcie5'), 1)).toBeNull();
    for (const gpu of GPUS) expect(problemWithFabric(gpu, fabricOf('ib-ndr'), 4096)).toBeNull();
  });
});
