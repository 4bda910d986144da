import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../checkpoint/safetensors.ts';
import { modelProgram } from '../program/model.ts';
import { costOf, elementsOf } from '../program/plan.ts';
import { planOf } from '../program/planOf.ts';
import type { Program } from '../program/program.ts';
import { evenRoutings } from '../program/routing.ts';
import { deepSeek } from '../program/testing/configs.ts';
import { parseHfConfig, readHfConfig } from './hfConfig.ts';
import { presets } from './presets.ts';
import { checkRunnable } from './runnable.ts';
import { modelCost } from './testing/modelPlan.ts';

const STORIES = new URL('../../public/models/stories/', import.meta.url);
const stories = parseHfConfig(readFileSync(new URL('config.json', STORIES), 'utf8'), 'stories');

const TINY = {
  hidden_size: 24,
  intermediate_size: 20,
  num_hidden_layers: 3,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  vocab_size: 50,
  max_position_embeddings: 128,
};
const MOE = { moe_intermediate_size: 12, num_experts_per_tok: 2 };
const tiny = (more: object) => readHfConfig({ ...TINY, ...more }, 'tiny');

/** What a rank asks the checkpoint for. */
function partsOf(program: Program, rank = 0) {
  return program.storage.flatMap((stored) => (stored.kind === 'weight' ? stored.parts(rank) : []));
}

describe('checkRunnable', () => {
  const refusal = (config: object): string => {
    try {
      checkRunnable(tiny(config));
      return '';
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };

  it.each([
    ...['LlamaForCausalLM', 'MistralForCausalLM', 'Qwen2ForCausalLM', 'Qwen3ForCausalLM'],
    ...['MixtralForCausalLM', 'Qwen3MoeForCausalLM'],
  ])('takes %s', (name) => {
    expect(refusal({ architectures: [name], head_dim: 8, moe_intermediate_size: 12 })).toBe('');
  });

  it.each([
    [{ quantization_config: { quant_method: 'awq', bits: 4 } }, 'its weights are quantised (awq)'],
    [{ architectures: ['Phi3ForCausalLM'] }, 'its q, k and v are stored as one weight'],
  ])('names what is in the way of %j', (more, why) => {
    expect(refusal({ architectures: ['LlamaForCausalLM'], num_key_value_heads: 6, ...more })).toContain(
      `can be planned, and not run yet: ${why}`,
    );
  });

  it('names what is in the way of published models', () => {
    const why = (id: string): string => {
      const found = presets.find((preset) => preset.id === id);
      if (found === undefined) throw new Error(`no preset ${id}`);
      try {
        checkRunnable(found.model);
        return 'none';
      } catch (thrown) {
        return (thrown as Error).message;
      }
    };
    expect(why('llama-3.2-1b')).toBe('none');
    expect(why('qwen2.5-0.5b')).toBe('none');
    expect(why('deepseek-v3')).toContain('its attention is latent (MLA).');
  });

  it('takes a window shorter than the context', () => {
    const mistral = tiny({ architectures: ['MistralForCausalLM'], head_dim: 4, sliding_window: 40 });
    checkRunnable(mistral);
    expect(mistral.maxPositions).toBeGreaterThan(40);
    expect(mistral.blocks[0]?.block.attention).toMatchObject({ window: 40 });
  });
});

describe('the program of a whole model', () => {
  it('asks the embedded model for its weights, each once', () => {
    const bytes = readFileSync(new URL('model.safetensors', STORIES));
    const { tensors } = parseSafetensors(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    const wanted = partsOf(modelProgram(stories, 1, { tokens: 1, positions: 256 })).map(
      ({ name, rows, cols }) => [name, cols === null ? [rows.end] : [rows.end, cols.end]] as const,
    );
    expect(new Map(wanted)).toEqual(new Map([...tensors].map(([name, { shape }]) => [name, shape])));
    expect(wanted).toHaveLength(tensors.size);
  });

  it('names weights as Qwen2 and Qwen3 do, and has a tied head ask for none', () => {
    const names = (config: object) =>
      partsOf(modelProgram(tiny(config), 1, { tokens: 1, positions: 9 })).map(({ name }) => name);
    const qwen2 = names({ architectures: ['Qwen2ForCausalLM'], head_dim: 4, tie_word_embeddings: true });
    expect(qwen2).toContain('model.layers.2.self_attn.k_proj.bias');
    expect(qwen2.filter((name) => /embed|lm_head/.test(name))).toEqual(['model.embed_tokens.weight']);
    expect(names({ architectures: ['Qwen3ForCausalLM'] })).toEqual(
      expect.arrayContaining([
        'model.layers.0.self_attn.q_norm.weight',
        'model.norm.weight',
        'lm_head.weight',
      ]),
    );
  });

  it('names the weights of experts as Mixtral and Qwen3 do, and each rank asks for its own', () => {
    const names = (config: object, rank: number) =>
      partsOf(modelProgram(tiny(config), 3, { tokens: 1, positions: 9 }), rank)
        .map(({ name }) => name)
        .filter((name) => name.startsWith('model.layers.1.') && /experts|gate/.test(name));
    const mixtral = { architectures: ['MixtralForCausalLM'], num_local_experts: 5 };
    const sparse = 'model.layers.1.block_sparse_moe';
    expect(names(mixtral, 2)).toEqual([
      `${sparse}.gate.weight`,
      ...['w1', 'w3', 'w2'].map((name) => `${sparse}.experts.4.${name}.weight`),
    ]);
    const qwen = { architectures: ['Qwen3MoeForCausalLM'], num_experts: 8, ...MOE };
    expect(names(qwen, 0)).toEqual([
      'model.layers.1.mlp.gate.weight',
      ...['gate', 'up', 'down'].flatMap((name) =>
        [0, 1, 2].map((expert) => `model.layers.1.mlp.experts.${expert}.${name}_proj.weight`),
      ),
    ]);
    expect(names({ ...qwen, mlp_only_layers: [1] }, 0)).toEqual(['model.layers.1.mlp.gate_proj.weight']);
  });

  it('costs what the plan of its layers adds up to', () => {
    const models = [
      stories,
      tiny({ model_type: 'qwen2', head_dim: 4, tie_word_embeddings: true }),
      tiny({ model_type: 'mixtral', num_local_experts: 5 }),
      tiny({ model_type: 'qwen3_moe', num_experts: 6, decoder_sparse_step: 2, ...MOE }),
    ];
    for (const model of models) {
      for (const worldSize of [1, 3, 8]) {
        for (const [tokens, past] of [
          [1, 0],
          [1, 7],
          [5, 2],
        ] as const) {
          const plan = planOf(modelProgram(model, worldSize, { tokens, positions: 64 }), {
            position: past,
            routings: evenRoutings(model, tokens),
          });
          const whole = modelCost(
            model,
            worldSize,
            { tokens, past },
            { weightBytes: 4, kvBytes: 4, activationBytes: 4 },
          );
          const count = new Map<string, number>();
          for (const { kind, bytes } of costOf(plan, 0).collectives) {
            count.set(`${kind} ${bytes}`, (count.get(`${kind} ${bytes}`) ?? 0) + 1);
          }
          expect(count).toEqual(
            new Map(whole.collectives.map(({ kind, bytes, count }) => [`${kind} ${bytes}`, count])),
          );
          for (const [rank, expected] of whole.ranks.entries()) {
            const { flops, kvBytes, collectives } = costOf(plan, rank);
            if (tokens === 1) expect(flops).toBe(expected.flops);
            const weights = plan.storage.filter(({ storage }) => storage === 'weight');
            expect(weights.reduce((sum, { shapes }) => sum + elementsOf(shapes[rank] ?? []), 0)).toBe(
              expected.weightElements,
            );
            expect(kvBytes / (past + tokens)).toBe(expected.kvBytesPerToken);
            expect(collectives.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBe(expected.wireBytes);
          }
        }
      }
    }
  });

  it('keeps the same for a pass of any length, and one table of angles for all layers', () => {
    const kept = (tokens: number) =>
      modelProgram(stories, 2, { tokens, positions: 64 }).storage.map(({ kind, value: { id, shapes } }) => ({
        kind,
        id,
        shapes,
      }));
    expect(kept(16)).toEqual(kept(1));
    expect(kept(1).filter(({ kind }) => kind === 'table')).toHaveLength(1);
  });

  it('keeps one table of angles for all layers of latent attention', () => {
    const model = readHfConfig(deepSeek, 'deepseek');
    const { storage } = modelProgram(model, 2, { tokens: 1, positions: 64 });
    expect(model.blocks.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(storage.filter(({ kind }) => kind === 'table')).toHaveLength(1);
  });
});
