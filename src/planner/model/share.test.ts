import { describe, expect, it } from 'vitest';
import { presets } from '../../models/presets.ts';
import { modelCost } from '../../models/testing/modelPlan.ts';
import { countConfig } from './countModel.ts';
import { checkpointBytesOf, headsOf, parametersOf } from './parts.ts';
import { PUBLIC_MODELS } from './publicModels.ts';
import { type LatentCache, shareOf } from './share.ts';

const PASS = { tokens: 1, past: 0 };
const BOTH: readonly LatentCache[] = ['absorbed', 'naive'];
const span = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

describe('shareOf', () => {
  it.each(presets.map((preset) => [preset.id, preset] as const))(
    'is what the plans of %s come to, on 1 to 64 ranks',
    (_, { model, config }) => {
      const counted = countConfig(config);
      for (let p = 1; p <= 64; p++) {
        for (const latentCache of headsOf(counted).latent ? BOTH : BOTH.slice(0, 1)) {
          const { ranks } = modelCost(model, p, PASS, { mlaCache: latentCache });
          const share = shareOf(counted, p, { latentCache });
          expect([p, share.weightElements]).toEqual([p, span(ranks.map((rank) => rank.weightElements))]);
          expect([p, share.cacheBytesPerToken]).toEqual([p, span(ranks.map((rank) => rank.kvBytesPerToken))]);
          expect([p, share.wireBytes]).toEqual([
            p,
            Math.max(...ranks.map((rank) => rank.wireBytesPerDecode)),
          ]);
          // A plan has one number of bytes for all weights; a quantised file has several.
          if (model.quantization === null)
            expect([p, share.weightBytes]).toEqual([p, span(ranks.map((rank) => rank.weightBytes))]);
        }
      }
    },
    60_000,
  );

  it('is the indexer of DeepSeek-V3.2 too', () => {
    const v3 = presets.find(({ id }) => id === 'deepseek-v3');
    const config = {
      ...v3?.config,
      architectures: ['DeepseekV32ForCausalLM'],
      model_type: 'deepseek_v32',
      index_topk: 2048,
    };
    const whole = shareOf(countConfig(config), 1).cacheBytesPerToken[1];
    expect(whole).toBe(61 * ((512 + 64) * 2 + 128 + 4));
  });

  it.each(PUBLIC_MODELS.map((model) => [model.repository, model] as const))(
    'of %s adds up, and is the model itself on one rank',
    (_, { config }) => {
      const model = countConfig(config);
      const alone = shareOf(model, 1);
      expect(alone.weightElements).toEqual([parametersOf(model), parametersOf(model)]);
      expect(alone.wireBytes).toBe(0);
      const stored = checkpointBytesOf({ ...model, storesHead: model.storesHead && !model.tied });
      expect(alone.weightBytes[1] / stored).toBeCloseTo(1, 9);
      let before = alone.weightBytes[1];
      for (const p of [2, 4, 8, 16, 32, 64]) {
        const [least, most] = shareOf(model, p).weightBytes;
        expect(least).toBeGreaterThan(0);
        expect(most).toBeLessThanOrEqual(before);
        before = most;
      }
    },
  );
});
