import { describe, expect, it } from 'vitest';
import type { AttentionConfig, MlaConfig, MlpConfig, MoeConfig } from './configs.ts';
import { rangeNote } from './cuts.ts';
import type { LayerSpec } from './layers.ts';
import { costOf, stepsOf, tensorOf } from './plan.ts';
import { planLayer } from './planOf.ts';

// Every number here was worked out by hand from the formulas of costs.ts.

const prefill = (tokens: number) => ({ tokens, past: 0 });

function notes(spec: LayerSpec, worldSize: number, id: string): readonly string[] {
  return tensorOf(planLayer(spec, worldSize, prefill(1)), id).notes;
}

describe('linear pair', () => {
  const spec: LayerSpec = { layer: 'linear-pair', config: { hidden: 4, intermediate: 6, bias: true } };

  it('costs two products, the bias once, and one all-reduce', () => {
    expect(costOf(planLayer(spec, 2, prefill(3)), 0)).toEqual({
      flops: 2 * 3 * 4 * 3 + 2 * 3 * 3 * 4 + 12,
      weightBytes: 4 * (12 + 3 + 12 + 4),
      kvBytes: 0,
      activationBytes: 4 * (9 + 12 + 12),
      collectives: [{ kind: 'all_reduce', bytes: 48, wireBytes: 48 }],
    });
  });

  it('gives the first ranks one column more, and the last ones none', () => {
    expect(notes(spec, 4, 'h')).toEqual(['columns 0–1', 'columns 2–3', 'column 4', 'column 5']);
    expect(notes(spec, 7, 'h').at(-1)).toBe('no column');
    const last = costOf(planLayer(spec, 7, prefill(3)), 6);
    expect(last.flops).toBe(12); // the bias, which every rank adds
    expect(last.weightBytes).toBe(4 * 4);
  });
});

describe('embedding and head', () => {
  const config = { vocab: 10, hidden: 4 };

  it('look up for nothing and sum: one all-reduce', () => {
    const cost = costOf(planLayer({ layer: 'embedding', config }, 3, prefill(2)), 0);
    expect(cost).toMatchObject({ flops: 0, weightBytes: 4 * 4 * 4 });
    expect(cost.collectives).toEqual([{ kind: 'all_reduce', bytes: 32, wireBytes: 4 * (5 + 5) }]);
  });

  it('multiply by each rank’s rows and gather: one all-gather', () => {
    const plan = planLayer({ layer: 'head', config }, 3, prefill(1));
    const costs = [0, 1, 2].map((rank) => costOf(plan, rank));
    expect(costs.map(({ flops }) => flops)).toEqual([2 * 4 * 4, 2 * 4 * 3, 2 * 4 * 3]);
    // A rank sends every chunk but its next neighbour's, which are 3, 3 and 4 long.
    expect(costs.map(({ collectives }) => collectives[0]?.wireBytes)).toEqual([28, 28, 24]);
  });

  it('pad to as much for every rank', () => {
    const spec: LayerSpec = { layer: 'head', config: { ...config, padTo: 8 } };
    expect(notes(spec, 3, 'local logits')).toEqual(['ids 0–5', 'ids 6–11, 2 padded', 'ids 12–17, 6 padded']);
    const plan = planLayer(spec, 3, prefill(2));
    expect(stepsOf(plan).find((step) => step.kind === 'collective')).toMatchObject({
      length: 36,
      counts: [12, 12, 12],
    });
  });
});

it('cross entropy: a maximum and two sums, of one number a token', () => {
  const spec: LayerSpec = { layer: 'cross-entropy', config: { vocab: 10, hidden: 4 } };
  const plan = planLayer(spec, 2, prefill(3));
  const collectives = stepsOf(plan).filter((step) => step.kind === 'collective');
  expect(collectives.map(({ op, length }) => [op, length])).toEqual([
    ['max', 3],
    ['sum', 3],
    ['sum', 3],
  ]);
  expect(costOf(plan, 0).flops).toBe(2 * 3 * 4 * 5 + 15 + 3 * 15);
});

describe('mlp', () => {
  const config: MlpConfig = { hidden: 4, intermediate: 6, activation: 'swiglu', bias: false, merged: false };

  it('costs three products and the activation', () => {
    expect(costOf(planLayer({ layer: 'mlp', config }, 2, prefill(2)), 1)).toEqual({
      flops: 3 * (2 * 2 * 4 * 3) + 5 * 6,
      weightBytes: 4 * 3 * 12,
      kvBytes: 0,
      activationBytes: 4 * (6 + 6 + 6 + 8),
      collectives: [{ kind: 'all_reduce', bytes: 32, wireBytes: 32 }],
    });
  });

  it('costs the same merged, and a copy of both halves', () => {
    const [apart, merged] = [false, true].map((merged) =>
      costOf(planLayer({ layer: 'mlp', config: { ...config, merged } }, 4, prefill(2)), 0),
    );
    expect(merged).toEqual({ ...apart, activationBytes: (apart?.activationBytes ?? 0) + 4 * 8 });
  });

  it('has one column split with GELU, and adds the bias of the row split once', () => {
    const gelu = { ...config, activation: 'gelu', bias: true } as const;
    const cost = costOf(planLayer({ layer: 'mlp', config: gelu }, 2, prefill(2)), 0);
    expect(cost.flops).toBe(2 * (2 * 2 * 4 * 3) + 8 * 6 + 8);
    expect(cost.weightBytes).toBe(4 * (12 + 3 + 12 + 4));
  });
});

describe('attention', () => {
  const config: AttentionConfig = {
    hidden: 8,
    heads: 4,
    kvHeads: 2,
    headDim: 2,
    rope: { theta: 10_000 },
    qkvBias: true,
    qkNorm: false,
    normEpsilon: 1e-6,
  };
  const spec: LayerSpec = { layer: 'attention', config };

  it('costs what one head of four does, and keeps a copy of its key/value head', () => {
    const cost = costOf(planLayer(spec, 4, { tokens: 2, past: 3 }), 1);
    const pairs = 4 + 5; // the new tokens see 4 and 5 keys
    expect(cost.flops).toBe(3 * (2 * 2 * 8 * 2) + 2 * (3 * 4) + 2 * pairs * (2 + 2) + 2 * 2 * 2 * 8);
    expect(cost.weightBytes).toBe(4 * (4 * 16 + 3 * 2 + 5 * 2)); // products, biases, angles
    expect(cost.kvBytes).toBe(4 * 5 * (2 + 2));
  });

  it('normalises heads where the model does', () => {
    const normed: LayerSpec = { layer: 'attention', config: { ...config, qkNorm: true } };
    const [without, withNorm] = [spec, normed].map((one) => costOf(planLayer(one, 2, prefill(3)), 0));
    expect((withNorm?.flops ?? 0) - (without?.flops ?? 0)).toBe(4 * 3 * (4 + 2));
    expect((withNorm?.weightBytes ?? 0) - (without?.weightBytes ?? 0)).toBe(4 * (2 + 2));
  });

  it('leaves ranks without heads where neither divides the other', () => {
    expect(notes(spec, 3, 'q')).toEqual(['heads 0–1', 'heads 2–3', 'no head']);
    const idle = costOf(planLayer(spec, 3, prefill(3)), 2);
    expect(idle).toMatchObject({ flops: 0, kvBytes: 0 });
    expect(idle.collectives).toHaveLength(1);
  });
});

describe('mla', () => {
  const config: MlaConfig = {
    hidden: 8,
    heads: 2,
    qLoraRank: 4,
    kvLoraRank: 4,
    nopeDim: 2,
    ropeDim: 2,
    valueDim: 2,
    rope: { theta: 10_000 },
    normEpsilon: 1e-6,
    cache: 'naive',
  };
  /** To latents (64 + 96), two norms (16 each), queries (32), RoPE (6 + 6), the output (32): alike in both forms. */
  const common = 64 + 96 + 32 + 32 + 12 + 32;

  it('naive: a rank makes and keeps the keys and values of its heads', () => {
    const cost = costOf(planLayer({ layer: 'mla', config }, 2, prefill(1)), 0);
    expect(cost.flops).toBe(common + 2 * 4 * 4 + 2 * (4 + 2));
    expect(cost.kvBytes).toBe(4 * (4 + 2));
    expect(costOf(planLayer({ layer: 'mla', config }, 1, prefill(1)), 0).kvBytes).toBe(2 * cost.kvBytes);
  });

  it('absorbed: attends over the latent vector, which every rank keeps', () => {
    const absorbed: LayerSpec = { layer: 'mla', config: { ...config, cache: 'absorbed' } };
    const cost = costOf(planLayer(absorbed, 2, prefill(1)), 0);
    expect(cost.flops).toBe(common + 2 * 2 * 4 + 2 * (6 + 4) + 2 * 4 * 2);
    expect(cost.kvBytes).toBe(4 * (4 + 2));
    expect(costOf(planLayer(absorbed, 1, prefill(1)), 0).kvBytes).toBe(cost.kvBytes);
    const [naiveWeights, weights] = [config, absorbed.config as MlaConfig].map(
      (one) => costOf(planLayer({ layer: 'mla', config: one }, 2, prefill(1)), 1).weightBytes,
    );
    expect(weights).toBe(naiveWeights);
  });
});

describe('moe', () => {
  const config: MoeConfig = {
    hidden: 4,
    intermediate: 2,
    experts: 4,
    topK: 2,
    score: 'sigmoid',
    groups: 1,
    topGroups: 1,
    gateBias: true,
    normalize: true,
    routeScale: 1,
    sharedExperts: 1,
    reduce: 'once',
  };
  const spec: LayerSpec = { layer: 'moe', config };
  const routing = [3, 0, 2, 1];

  it('costs what the tokens chose: three for each rank here, in one round and in two', () => {
    const plan = planLayer(spec, 2, prefill(3), routing);
    const gate = 2 * 3 * 4 * 4 + 4 * 12;
    const experts = 3 * (2 * 3 * 4 * 2) + 5 * 6 + 2 * 12;
    const shared = 3 * (2 * 3 * 4 * 1) + 5 * 3;
    for (const rank of [0, 1]) expect(costOf(plan, rank).flops).toBe(gate + experts + shared + 12);
    expect(tensorOf(plan, 'xe').notes).toEqual(['1 of 2 experts', '2 of 2 experts']);
    expect(costOf(plan, 0).weightBytes).toBe(4 * (16 + 4 + 2 * 24 + 12));
  });

  it('reduces twice where each part reduces its own sum', () => {
    const each: LayerSpec = { layer: 'moe', config: { ...config, reduce: 'each' } };
    const [once, twice] = [spec, each].map((one) => costOf(planLayer(one, 2, prefill(3), routing), 0));
    expect(once?.collectives).toHaveLength(1);
    expect(twice?.collectives).toHaveLength(2);
    expect(twice?.flops).toBe(once?.flops);
  });

  it('spreads the choices evenly where nobody said which', () => {
    const flops = [0, 1, 2, 3].map((rank) => costOf(planLayer(spec, 4, prefill(3)), rank).flops);
    expect(flops[0]).toBe(flops[1]); // 6 choices of 4 experts: 2, 2, 1, 1
    expect(flops[2]).toBe(flops[3]);
    expect(flops[0]).toBeGreaterThan(flops[2] ?? 0);
  });

  it('leaves ranks beyond the experts with the gate and the shared experts', () => {
    const plan = planLayer(spec, 7, prefill(3));
    expect(tensorOf(plan, 'xe').shapes[6]).toEqual([0, 4]);
    expect(costOf(plan, 6).flops).toBe(2 * 3 * 4 * 4 + 4 * 12 + 12); // the gate, and adding zeros
  });
});

it('rangeNote speaks of one, several and none', () => {
  expect([rangeNote('head', 3, 3), rangeNote('head', 3, 4), rangeNote('head', 3, 6)]).toEqual([
    'no head',
    'head 3',
    'heads 3–5',
  ]);
});
