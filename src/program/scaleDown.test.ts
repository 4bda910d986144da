import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets } from '../models/presets.ts';
import { LAYER_NAMES, type LayerName, type LayerSpec, layersOf } from './layers.ts';
import { costOf } from './plan.ts';
import { planLayer } from './planOf.ts';
import { defaultLimits, scaleDown } from './scaleDown.ts';
import { specs } from './testing/specs.ts';

function layer(id: string, name: LayerName): LayerSpec {
  const model = presets.find((preset) => preset.id === id)?.model;
  const spec = model === undefined ? null : layersOf(model, name);
  if (spec === null) throw new Error(`${id} has no ${name}`);
  return spec;
}

function flopsOf(spec: LayerSpec): number {
  return costOf(planLayer(spec, 1, { tokens: 16, past: 0 }), 0).flops;
}

describe('layersOf', () => {
  it('gives the layers that each model has', () => {
    const missing = presets.map(({ id, model }) => [
      id,
      ...LAYER_NAMES.filter((name) => layersOf(model, name) === null),
    ]);
    expect(missing).toEqual([
      ['llama-3.2-1b', 'moe', 'mla'],
      ['llama-3-70b', 'moe', 'mla'],
      ['qwen2.5-0.5b', 'moe', 'mla'],
      ['mixtral-8x7b', 'mlp', 'mla'],
      ['deepseek-v3', 'attention'],
    ]);
  });

  it('takes the block that the model has most of, and a pair from any MLP', () => {
    expect(layer('deepseek-v3', 'block').config).toMatchObject({ mlp: { kind: 'moe' } });
    expect(layer('deepseek-v3', 'mlp').config).toMatchObject({ intermediate: 18_432 });
    expect(layer('mixtral-8x7b', 'linear-pair').config).toEqual({
      hidden: 4096,
      intermediate: 14_336,
      bias: false,
    });
  });
});

describe('scaleDown', () => {
  it('brings every layer of every preset within the limits, and every one of them to run on 5 ranks', () => {
    for (const { id, model } of presets) {
      for (const name of LAYER_NAMES) {
        const spec = layersOf(model, name);
        if (spec === null) continue;
        const small = scaleDown(spec);
        expect(flopsOf(small.spec), `${id} ${name}`).toBeLessThanOrEqual(2e6);
        expect(small.divisor).toBeGreaterThan(1);
        const plan = planLayer(small.spec, 5, { tokens: 16, past: 0 });
        expect(costOf(plan, 4).collectives.length, `${id} ${name}`).toBeGreaterThan(0);
      }
    }
  });

  it('keeps the heads of Qwen2.5, 14 to 2', () => {
    const { spec, summary } = scaleDown(layer('qwen2.5-0.5b', 'block'));
    expect(spec.config).toMatchObject({
      attention: { hidden: 56, heads: 14, kvHeads: 2, headDim: 4, qkvBias: true },
      mlp: { hidden: 56, intermediate: 304 },
    });
    expect(summary).toBe('1/16 of the width');
  });

  it('keeps the ratio of Llama’s heads', () => {
    const { spec, summary } = scaleDown(layer('llama-3.2-1b', 'block'));
    expect(spec.config).toMatchObject({ attention: { hidden: 64, heads: 16, kvHeads: 4, headDim: 4 } });
    expect(summary).toBe('1/32 of the width, 16 of 32 heads');
  });

  it('keeps DeepSeek’s groups, and leaves its gate a choice', () => {
    const { spec, summary } = scaleDown(layer('deepseek-v3', 'block'));
    expect(spec.config).toMatchObject({
      attention: { hidden: 56, heads: 16, nopeDim: 8, ropeDim: 4, valueDim: 8 },
      mlp: { experts: 16, groups: 8, topGroups: 4, topK: 4, sharedExperts: 1, intermediate: 16 },
    });
    expect(summary).toBe(
      '1/128 of the width, 16 of 128 heads, 16 of 256 experts, the best 4 of them and not 8',
    );
  });

  it('keeps a vocabulary’s powers of two', () => {
    expect(scaleDown(layer('llama-3.2-1b', 'head')).spec.config).toMatchObject({ vocab: 256 });
    expect(scaleDown(layer('mixtral-8x7b', 'head')).spec.config).toMatchObject({ vocab: 256 });
    const odd: LayerSpec = { layer: 'head', config: { vocab: 50_257, hidden: 64 } };
    expect(scaleDown(odd).spec.config).toMatchObject({ vocab: 196, hidden: 64 });
  });

  it('leaves alone what is small', () => {
    const limits = { ...defaultLimits, heads: 20 }; // as many as the layers here have
    fc.assert(
      fc.property(specs, (spec) => {
        expect(scaleDown(spec, limits)).toEqual({ spec, divisor: 1, summary: '' });
      }),
    );
  });

  it('ends with the smallest copy where no copy fits', () => {
    const { spec } = scaleDown(layer('deepseek-v3', 'block'), { ...defaultLimits, flops: 1 });
    expect(spec.config).toMatchObject({ attention: { hidden: 8, heads: 1 } });
  });
});
