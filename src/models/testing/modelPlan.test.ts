import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../program/modelConfig.ts';
import { qwen3Fp8 } from '../../program/testing/configs.ts';
import { readHfConfig } from '../hfConfig.ts';
import { presets } from '../presets.ts';
import { modelParts } from './modelParts.ts';
import { type ModelCost, modelCost } from './modelPlan.ts';

function model(id: string): ModelConfig {
  const found = presets.find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found.model;
}

function weightsOf(id: string): number {
  return modelCost(model(id), 1, { tokens: 1, past: 0 }).ranks[0]?.weightElements ?? 0;
}

function counts({ collectives }: ModelCost): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { kind, count } of collectives) found[kind] = (found[kind] ?? 0) + count;
  return found;
}

const pass = { tokens: 16, past: 0 };

/** As DeepSeek-V3.2 computes it, in what is planned. */
function reducedOnce(config: ModelConfig): ModelConfig {
  return {
    ...config,
    blocks: config.blocks.map(({ count, block }) => ({
      count,
      block: block.mlp.kind === 'moe' ? { ...block, mlp: { ...block.mlp, reduce: 'once' } } : block,
    })),
  };
}

describe('weights', () => {
  // The sums that the published tensors have, written out: embedding, blocks × (attention + MLP + norms), norm, head.
  it('Llama 3.2 1B has 1,235,814,400', () => {
    const attention = 2 * 2048 * 2048 + 2 * 512 * 2048;
    const block = attention + 3 * 2048 * 8192 + 2 * 2048;
    expect(128_256 * 2048 + 16 * block + 2048).toBe(1_235_814_400);
    expect(weightsOf('llama-3.2-1b')).toBe(1_235_814_400);
  });

  it('Llama 3 70B has 70,553,706,496', () => {
    const block = 2 * 8192 * 8192 + 2 * 1024 * 8192 + 3 * 8192 * 28_672 + 2 * 8192;
    expect(2 * 128_256 * 8192 + 80 * block + 8192).toBe(70_553_706_496);
    expect(weightsOf('llama-3-70b')).toBe(70_553_706_496);
  });

  it('Qwen2.5 0.5B has 494,032,768, biases of q, k and v among them', () => {
    const block = 2 * 896 * 896 + 2 * 128 * 896 + (896 + 2 * 128) + 3 * 896 * 4864 + 2 * 896;
    expect(151_936 * 896 + 24 * block + 896).toBe(494_032_768);
    expect(weightsOf('qwen2.5-0.5b')).toBe(494_032_768);
  });

  it('Mixtral 8x7B has 46,702,792,704', () => {
    const attention = 2 * 4096 * 4096 + 2 * 1024 * 4096;
    const block = attention + 8 * 4096 + 8 * 3 * 4096 * 14_336 + 2 * 4096;
    expect(2 * 32_000 * 4096 + 32 * block + 4096).toBe(46_702_792_704);
    expect(weightsOf('mixtral-8x7b')).toBe(46_702_792_704);
  });

  it('DeepSeek-V3 has 671,026,419,200 without its module for multi-token prediction', () => {
    const query = 1536 * 7168 + 1536 + 128 * 192 * 1536;
    const keyValue = 576 * 7168 + 512 + 128 * 256 * 512;
    const attention = query + keyValue + 7168 * 128 * 128 + 2 * 7168;
    const moe = 256 * 7168 + 256 + 257 * 3 * 7168 * 2048;
    const blocks = 61 * attention + 3 * 3 * 7168 * 18_432 + 58 * moe;
    expect(2 * 129_280 * 7168 + blocks + 7168).toBe(671_026_419_200);
    expect(weightsOf('deepseek-v3')).toBe(671_026_419_200);
  });

  it('are cut: ranks hold the whole once, but for norms, gates and latent projections', () => {
    const { hidden } = model('llama-3-70b');
    const { ranks } = modelCost(model('llama-3-70b'), 8, pass);
    const total = ranks.reduce((sum, { weightElements }) => sum + weightElements, 0);
    expect(total).toBe(weightsOf('llama-3-70b') + 7 * (2 * 80 + 1) * hidden);
    expect(ranks[0]?.weightBytes).toBe((ranks[0]?.weightElements ?? 0) * 2);
    const [wide] = modelCost(model('llama-3-70b'), 8, pass, { weightBytes: 4 }).ranks;
    expect(wide?.weightBytes).toBe((ranks[0]?.weightElements ?? 0) * 4);
  });
});

describe('collectives', () => {
  it.each([
    ['llama-3.2-1b', 2 * 16 + 1],
    ['llama-3-70b', 2 * 80 + 1],
    ['qwen2.5-0.5b', 2 * 24 + 1],
    ['mixtral-8x7b', 2 * 32 + 1],
    ['deepseek-v3', 181],
  ])('%s: %i all-reduces and one all-gather', (id, allReduces) => {
    const cost = modelCost(model(id), 4, pass);
    expect(counts(cost)).toEqual({ all_reduce: allReduces, all_gather: 1 });
  });

  it('DeepSeek-V3.2 reduces routed and shared experts at once: 123', () => {
    const cost = modelCost(reducedOnce(model('deepseek-v3')), 8, pass);
    expect(counts(cost)).toEqual({ all_reduce: 123, all_gather: 1 });
  });

  it('are as long as the tokens, and the head’s as the vocabulary', () => {
    const { vocab, hidden } = model('llama-3-70b');
    const { collectives, ranks } = modelCost(model('llama-3-70b'), 8, pass);
    expect(collectives).toEqual([
      { kind: 'all_reduce', count: 161, bytes: 2 * 16 * hidden },
      { kind: 'all_gather', count: 1, bytes: 2 * vocab },
    ]);
    // Everything divides by 8: 2·7/8 of each all-reduce, 7/8 of the all-gather.
    expect(ranks[3]?.wireBytes).toBe((2 * 7 * 161 * 2 * 16 * hidden) / 8 + (7 * 2 * vocab) / 8);
    expect(ranks[3]?.wireBytesPerDecode).toBe((2 * 7 * 161 * 2 * hidden) / 8 + (7 * 2 * vocab) / 8);
  });

  it('one rank sends nothing', () => {
    expect(modelCost(model('llama-3.2-1b'), 1, pass).ranks[0]).toMatchObject({
      wireBytes: 0,
      wireBytesPerDecode: 0,
    });
  });

  it('sequence parallelism: halves in place of every all-reduce, and the same bytes', () => {
    const whole = modelCost(model('llama-3-70b'), 8, pass);
    const parallel = modelCost(model('llama-3-70b'), 8, pass, { sequenceParallel: true });
    expect(counts(parallel)).toEqual({ reduce_scatter: 161, all_gather: 162 });
    expect(parallel.ranks.map(({ wireBytes }) => wireBytes)).toEqual(
      whole.ranks.map(({ wireBytes }) => wireBytes),
    );
    expect(parallel.ranks[0]?.weightElements).toBe(whole.ranks[0]?.weightElements);
    expect(parallel.ranks[0]?.flops).toBeLessThan(whole.ranks[0]?.flops ?? 0);
  });
});

describe('KV cache', () => {
  const perToken = (id: string, worldSize: number, options = {}) =>
    modelCost(model(id), worldSize, { tokens: 3, past: 40 }, options).ranks.map(
      ({ kvBytesPerToken }) => kvBytesPerToken,
    );

  it('is 2 · layers · heads · headDim · 2 bytes, of a rank’s own heads', () => {
    expect(perToken('llama-3-70b', 1)).toEqual([2 * 80 * 8 * 128 * 2]);
    expect(perToken('llama-3-70b', 4)).toEqual(Array(4).fill(2 * 80 * 2 * 128 * 2));
    expect(perToken('llama-3-70b', 16)).toEqual(Array(16).fill(2 * 80 * 128 * 2)); // copies
    expect(perToken('qwen2.5-0.5b', 3)).toEqual([24 * 2 * 64 * 2, 24 * 2 * 64 * 2, 0]);
    expect(perToken('llama-3-70b', 8, { kvBytes: 1 })[0]).toBe(2 * 80 * 128);
  });

  it('absorbed is 576 numbers a layer on every rank, naive a rank’s heads', () => {
    const latent = 61 * 576 * 2;
    expect(perToken('deepseek-v3', 8)).toEqual(Array(8).fill(latent));
    expect(perToken('deepseek-v3', 8, { mlaCache: 'naive' })[0]).toBe(61 * 16 * (192 + 128) * 2);
    expect(perToken('deepseek-v3', 1, { mlaCache: 'naive' })[0]).toBeGreaterThan(50 * latent);
  });
});

describe('FLOPs', () => {
  it('a token costs about two of each active weight', () => {
    const [cost] = modelCost(model('llama-3-70b'), 1, { tokens: 1, past: 0 }).ranks;
    const active = 70_553_706_496 - 128_256 * 8192; // the embedding is only looked up
    expect((cost?.flops ?? 0) / (2 * active)).toBeCloseTo(1, 3);
    const [sparse] = modelCost(model('deepseek-v3'), 1, { tokens: 1, past: 0 }, { mlaCache: 'naive' }).ranks;
    expect((sparse?.flops ?? 0) / (2 * 36.6e9)).toBeCloseTo(1, 1); // "37B activated", embedding included
  });
});

describe('the indexer of DeepSeek-V3.2', () => {
  const v3 = model('deepseek-v3');
  const v32 = { ...v3, indexer: { heads: 64, headDim: 128, topK: 2048 } };
  const perLayer = 64 * 128 * 1536 + 128 * 7168 + 2 * 128 + 64 * 7168; // queries, key, its norm, weights

  it.each([1, 8])('is whole on each of %i ranks, and no part of any collective', (worldSize) => {
    const [without, cost] = [v3, v32].map((one) => modelCost(one, worldSize, pass));
    expect(perLayer).toBe(13_959_424);
    for (const [rank, { weightElements, kvBytesPerToken }] of (cost?.ranks ?? []).entries()) {
      expect(weightElements).toBe((without?.ranks[rank]?.weightElements ?? 0) + 61 * perLayer);
      expect(kvBytesPerToken).toBe((without?.ranks[rank]?.kvBytesPerToken ?? 0) + 61 * 132);
    }
    expect(cost?.collectives).toEqual(without?.collectives);
  });
});

describe('parts', () => {
  const partsOf = (config: ModelConfig) =>
    modelParts(config, 64, pass).map(({ name, count }) => [name, count]);

  it('are each kind of layer once, however many there are', () => {
    expect(partsOf(model('deepseek-v3'))).toEqual([
      ['embedding', 1],
      ['block', 3],
      ['block', 58],
      ['norm', 1],
      ['head', 1],
    ]);
  });

  it('are two kinds of block where dense and sparse layers alternate', () => {
    const alternating = readHfConfig({ ...qwen3Fp8, decoder_sparse_step: 2 });
    expect(alternating.blocks).toHaveLength(94);
    expect(partsOf(alternating)).toEqual([
      ['embedding', 1],
      ['block', 47],
      ['block', 47],
      ['norm', 1],
      ['head', 1],
    ]);
    const [sparse, dense] = [1, 95].map(
      (step) => modelCost(readHfConfig({ ...qwen3Fp8, decoder_sparse_step: step }), 4, pass).ranks[0],
    );
    const half = ((sparse?.weightElements ?? 0) + (dense?.weightElements ?? 0)) / 2;
    expect(modelCost(alternating, 4, pass).ranks[0]?.weightElements).toBe(half);
  });
});
