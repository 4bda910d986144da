import { describe, expect, it } from 'vitest';
import type { AttentionConfig, BlockConfig, MlpConfig } from '../program/configs.ts';
import { hasCache, type LayerSpec, moeOf } from '../program/layers.ts';
import { costOf, stepsOf, tensorOf } from '../program/plan.ts';
import { planLayer } from '../program/planOf.ts';

// Every number here was worked out by hand from the formulas of costs.ts.

const prefill = (tokens: number) => ({ tokens, past: 0 });

const attention: AttentionConfig = {
  hidden: 4,
  heads: 2,
  kvHeads: 2,
  headDim: 2,
  rope: null,
  qkvBias: false,
  qkNorm: false,
  normEpsilon: 1e-6,
};
const mlp: MlpConfig = { hidden: 4, intermediate: 6, activation: 'swiglu', bias: false, merged: false };
const block = {
  layer: 'block',
  config: {
    attention: { kind: 'attention', ...attention },
    mlp: { kind: 'mlp', ...mlp },
    normEpsilon: 1e-6,
    sequenceParallel: false,
  },
} as const;

describe('block', () => {
  const spec: LayerSpec = block;

  it('is its attention, its MLP, two norms and two additions', () => {
    const pass = { tokens: 3, past: 1 };
    const [whole, ...parts] = [
      spec,
      { layer: 'attention', config: attention } as const,
      { layer: 'mlp', config: mlp } as const,
    ].map((one) => costOf(planLayer(one, 2, pass), 1));
    expect(whole?.flops).toBe(parts.reduce((sum, { flops }) => sum + flops, 0) + 2 * 4 * 12 + 2 * 12);
    expect(whole?.weightBytes).toBe(parts.reduce((sum, { weightBytes }) => sum + weightBytes, 0) + 4 * 8);
    expect(whole?.kvBytes).toBe(parts[0]?.kvBytes);
    expect(whole?.collectives).toEqual(parts.flatMap(({ collectives }) => collectives));
  });

  it('has RMSNorm where nothing is said, and LayerNorm with a bias where that is', () => {
    const cost = (norm: Pick<BlockConfig, 'norm'>) => {
      const config = { ...block.config, ...norm };
      return costOf(planLayer({ layer: 'block', config }, 2, { tokens: 3, past: 1 }), 1);
    };
    const [unsaid, rms, layer] = ([{}, { norm: 'rms' }, { norm: 'layer' }] as const).map(cost);
    expect(unsaid).toEqual(rms);
    expect((layer?.weightBytes ?? 0) - (rms?.weightBytes ?? 0)).toBe(2 * 4 * 4);
    expect((layer?.flops ?? 0) - (rms?.flops ?? 0)).toBe(2 * (7 - 4) * 12);
  });

  it('exchanges tokens with sequence parallelism', () => {
    const parallel: LayerSpec = { ...spec, config: { ...spec.config, sequenceParallel: true } } as LayerSpec;
    const plan = planLayer(parallel, 3, prefill(5));
    expect(costOf(plan, 0).collectives.map(({ kind }) => kind)).toEqual([
      'all_gather',
      'reduce_scatter',
      'all_gather',
      'reduce_scatter',
    ]);
    expect(tensorOf(plan, 'x').notes).toEqual(['tokens 0–1', 'tokens 2–3', 'token 4']);
    expect(tensorOf(plan, plan.output).shapes).toEqual([
      [2, 4],
      [2, 4],
      [1, 4],
    ]);
  });

  it('tells what is in a layer', () => {
    expect([hasCache(spec), moeOf(spec)]).toEqual([true, null]);
    expect(hasCache({ layer: 'mlp' })).toBe(false);
  });
});

describe('parallel block', () => {
  const { sequenceParallel: _, ...config } = block.config;
  const spec: LayerSpec = { layer: 'parallel-block', config };
  const pass = { tokens: 3, past: 1 };

  it('is its attention, its MLP, a norm, and two additions', () => {
    const [parallel, serial] = [spec, block].map((one) => costOf(planLayer(one, 2, pass), 1));
    expect((serial?.flops ?? 0) - (parallel?.flops ?? 0)).toBe(4 * 12); // a norm less; of additions as many
    expect((serial?.weightBytes ?? 0) - (parallel?.weightBytes ?? 0)).toBe(4 * 4);
    expect(parallel?.kvBytes).toBe(serial?.kvBytes);
  });

  it('sums once where a block sums twice', () => {
    const [parallel, serial] = [spec, block].map((one) => costOf(planLayer(one, 3, pass), 0).collectives);
    expect(serial).toHaveLength(2);
    expect(parallel).toEqual(serial?.slice(0, 1));
  });

  it('adds the bias of a row split to the sum, and not to a partial', () => {
    const biased = { ...config, mlp: { kind: 'mlp', ...mlp, bias: true } } as const;
    const steps = stepsOf(planLayer({ layer: 'parallel-block', config: biased }, 2, pass));
    const sum = steps.findIndex(({ kind }) => kind === 'collective');
    const bias = steps.findIndex((step) => step.kind === 'op' && step.inputs.includes('mlp.down_proj.bias'));
    expect(steps.slice(sum).length).toBe(3); // the sum, the bias, the residual
    expect(bias).toBe(sum + 1);
  });
});
