import { describe, expect, it } from 'vitest';
import { deepSeek, llama } from '../program/testing/configs.ts';
import { parseHfConfig } from './hfConfig.ts';
import { presets } from './presets.ts';
import { modelCost } from './testing/modelPlan.ts';

const parse = (config: object) => parseHfConfig(JSON.stringify(config));

describe('parseHfConfig', () => {
  it('reads Llama 3.2 1B', () => {
    expect(presets[0]?.model).toEqual({
      name: 'Llama 3.2 1B',
      architecture: 'LlamaForCausalLM',
      vocab: 128_256,
      hidden: 2048,
      blocks: [
        {
          count: 16,
          block: {
            attention: {
              kind: 'attention',
              hidden: 2048,
              heads: 32,
              kvHeads: 8,
              headDim: 64,
              rope: {
                theta: 500_000,
                scaling: {
                  kind: 'llama3',
                  factor: 32,
                  lowFreqFactor: 1,
                  highFreqFactor: 4,
                  originalPositions: 8192,
                },
              },
              qkvBias: false,
              qkNorm: false,
              normEpsilon: 1e-5,
            },
            mlp: {
              kind: 'mlp',
              hidden: 2048,
              intermediate: 8192,
              activation: 'swiglu',
              bias: false,
              merged: false,
            },
            normEpsilon: 1e-5,
            sequenceParallel: false,
          },
        },
      ],
      tiedEmbeddings: true,
      normEpsilon: 1e-5,
      maxPositions: 131_072,
      weightBytes: 2,
      quantization: null,
      indexer: null,
    });
  });

  it('reads DeepSeek-V3: three dense blocks, 58 with experts, latent attention', () => {
    const model = presets.find(({ id }) => id === 'deepseek-v3')?.model;
    expect(model?.blocks.map(({ count, block }) => [count, block.mlp.kind])).toEqual([
      [3, 'mlp'],
      [58, 'moe'],
    ]);
    expect(model).toMatchObject({
      weightBytes: 1,
      maxPositions: 163_840,
      tiedEmbeddings: false,
      quantization: { method: 'fp8', weightBytes: 1, block: { rows: 128, cols: 128 } },
    });
    expect(model?.blocks[1]?.block).toMatchObject({
      attention: {
        kind: 'mla',
        qLoraRank: 1536,
        rope: { theta: 10_000, scaling: { kind: 'yarn', factor: 40, betaFast: 32, betaSlow: 1, mscale: 1 } },
        cache: 'absorbed',
      },
      mlp: {
        experts: 256,
        topK: 8,
        score: 'sigmoid',
        groups: 8,
        topGroups: 4,
        gateBias: true,
        normalize: true,
        routeScale: 2.5,
        sharedExperts: 1,
        reduce: 'each',
      },
    });
  });

  it('takes what transformers takes where a field is missing or null', () => {
    const model = parse({ ...llama, num_key_value_heads: null, head_dim: null, rope_scaling: null });
    expect(model).toMatchObject({
      name: 'Llama',
      tiedEmbeddings: false,
      normEpsilon: 1e-6,
      maxPositions: 2048,
      weightBytes: 2,
    });
    expect(model.blocks[0]?.block.attention).toMatchObject({
      kvHeads: 8,
      headDim: 8,
      rope: { theta: 10_000 },
    });
  });

  it('tells a field that is null from one that is missing, where they differ', () => {
    const of = (architecture: string, more: object) =>
      parse({ ...llama, architectures: [architecture], max_position_embeddings: 32_768, ...more });
    const attention = (model: ReturnType<typeof of>) => model.blocks[0]?.block.attention;
    expect(attention(of('MistralForCausalLM', {}))).toMatchObject({ window: 4096 });
    expect(attention(of('MistralForCausalLM', { sliding_window: null }))).not.toHaveProperty('window');
    expect(attention(of('MixtralForCausalLM', {}))).not.toHaveProperty('window');
    const mha = { num_attention_heads: 16, num_key_value_heads: null };
    expect(attention(of('MistralForCausalLM', mha))).toMatchObject({ kvHeads: 16 });
    expect(attention(of('MistralForCausalLM', { num_attention_heads: 16 }))).toMatchObject({ kvHeads: 8 });
    const { q_lora_rank: _, n_shared_experts: __, ...without } = deepSeek;
    const v2 = (more: object) => parse({ ...without, architectures: ['DeepseekV2ForCausalLM'], ...more });
    expect(v2({}).blocks[1]?.block).toMatchObject({
      attention: { qLoraRank: 1536 },
      mlp: { groups: 1, sharedExperts: 2 },
    });
    expect(v2({ q_lora_rank: null, n_shared_experts: null }).blocks[1]?.block).toMatchObject({
      attention: { qLoraRank: 0 },
      mlp: { sharedExperts: 0 },
    });
    const { n_routed_experts: ___, ...dense } = deepSeek;
    expect(() => parse(dense)).toThrow('has no n_routed_experts');
    expect(parse({ ...dense, n_routed_experts: null }).blocks.map(({ block }) => block.mlp.kind)).toEqual([
      'mlp',
    ]);
  });

  it('reads Qwen2 with biases, Qwen3 with norms of heads, Phi-3 with one gate and up', () => {
    const qwen = { ...llama, num_key_value_heads: 2 };
    const of = (architecture: string, more = {}) =>
      parse({ ...qwen, architectures: [architecture], ...more }).blocks[0]?.block;
    expect(of('Qwen2ForCausalLM')?.attention).toMatchObject({ qkvBias: true, qkNorm: false });
    expect(of('Qwen3ForCausalLM')?.attention).toMatchObject({ qkvBias: false, qkNorm: true, headDim: 128 });
    expect(of('Phi3ForCausalLM')?.mlp).toMatchObject({ merged: true });
    expect(of('MistralForCausalLM', { head_dim: 32 })?.attention).toMatchObject({ headDim: 32 });
    expect(of('LlamaForCausalLM', { mlp_bias: true })?.mlp).toMatchObject({ bias: true });
  });

  it('reads Qwen3’s experts layer by layer', () => {
    const model = parse({
      ...llama,
      architectures: ['Qwen3MoeForCausalLM'],
      num_key_value_heads: 4,
      num_hidden_layers: 6,
      decoder_sparse_step: 2,
      mlp_only_layers: [3],
      num_experts: 16,
      num_experts_per_tok: 4,
      moe_intermediate_size: 12,
      norm_topk_prob: true,
    });
    // Layers 1, 3 and 5 would have experts, and 3 is excepted.
    expect(model.blocks.map(({ count, block }) => [count, block.mlp.kind])).toEqual([
      [1, 'mlp'],
      [1, 'moe'],
      [3, 'mlp'],
      [1, 'moe'],
    ]);
    expect(model.blocks[1]?.block.mlp).toMatchObject({
      experts: 16,
      topK: 4,
      score: 'softmax',
      sharedExperts: 0,
    });
  });

  it('reads DeepSeek-V2, V2-Lite and V3.2', () => {
    const v2 = { ...deepSeek, architectures: ['DeepseekV2ForCausalLM'], topk_method: 'group_limited_greedy' };
    expect(parse(v2).blocks[1]?.block.mlp).toMatchObject({ score: 'softmax', groups: 4, gateBias: false });
    const lite = parse({ ...v2, q_lora_rank: null, topk_method: 'greedy' });
    expect(lite.blocks[1]?.block).toMatchObject({
      attention: { qLoraRank: 0 },
      mlp: { groups: 1, topGroups: 1 },
    });
    const v32 = parse({ ...deepSeek, architectures: ['DeepseekV32ForCausalLM'] });
    const { collectives } = modelCost(v32, 2, { tokens: 4, past: 0 });
    expect(collectives[0]).toMatchObject({ kind: 'all_reduce', count: 1 + 2 * 3 });
    expect(v32.indexer).toEqual({ heads: 64, headDim: 128, topK: 2048 });
    expect(parse(deepSeek).indexer).toBeNull();
  });

  it('reads both spellings of a RoPE scaling, and that of transformers 5', () => {
    const yarn = { factor: 4, original_max_position_embeddings: 32_768 };
    const scaling = {
      kind: 'yarn',
      factor: 4,
      betaFast: 32,
      betaSlow: 1,
      originalPositions: 32_768,
      mscale: 1,
    };
    const ropeOf = (more: object) => {
      const attention = parse({ ...llama, ...more }).blocks[0]?.block.attention;
      return attention?.rope;
    };
    expect(ropeOf({ rope_scaling: { type: 'yarn', ...yarn } })?.scaling).toEqual(scaling);
    expect(ropeOf({ rope_scaling: { rope_type: 'yarn', ...yarn } })?.scaling).toEqual(scaling);
    expect(ropeOf({ rope_scaling: { rope_type: 'default' } })).toEqual({ theta: 10_000 });
    expect(ropeOf({ rope_theta: 45.2e9 })).toEqual({ theta: 45.2e9 }); // gradientai/Llama-3-8B-Instruct-Gradient-4194k
    expect(ropeOf({ rope_parameters: { rope_type: 'yarn', rope_theta: 5, ...yarn } })).toEqual({
      theta: 5,
      scaling,
    });
    const given = { rope_scaling: { type: 'yarn', ...yarn, attention_factor: 1 } };
    expect(ropeOf(given)?.scaling).toMatchObject({ mscale: 0 });
  });

  it('has the layers see a window that transformers lets see one', () => {
    const windows = (config: object) =>
      parse(config).blocks.flatMap(({ count, block }) =>
        new Array(count).fill(block.attention.kind === 'attention' ? (block.attention.window ?? null) : null),
      );
    const mistral = { ...llama, architectures: ['MistralForCausalLM'], max_position_embeddings: 32_768 };
    expect(windows({ ...mistral, sliding_window: 4096 })).toEqual([4096, 4096, 4096]);
    expect(parse({ ...mistral, sliding_window: 4096 }).maxPositions).toBe(32_768);
    expect(windows({ ...mistral, sliding_window: 32_768 })).toEqual([null, null, null]); // never slides
    const qwen = {
      ...mistral,
      architectures: ['Qwen2ForCausalLM'],
      sliding_window: 4096,
      num_key_value_heads: 8,
    };
    expect(windows({ ...qwen, use_sliding_window: false })).toEqual([null, null, null]);
    const on = { ...qwen, use_sliding_window: true };
    expect(windows(on)).toEqual([null, null, null]); // windows begin at layer 28
    expect(windows({ ...on, max_window_layers: 2 })).toEqual([null, null, 4096]);
    expect(windows({ ...on, max_window_layers: 3 })).toEqual([null, null, null]);
    const layer_types = ['full_attention', 'sliding_attention', 'full_attention'];
    expect(windows({ ...on, layer_types })).toEqual([null, 4096, null]);
    const moe = { ...on, architectures: ['Qwen3MoeForCausalLM'], moe_intermediate_size: 12 };
    expect(windows(moe)).toEqual([4096, 4096, 4096]); // knows no max_window_layers
  });

  it('reads the bytes of a weight', () => {
    expect(parse({ ...llama, torch_dtype: 'float32' }).weightBytes).toBe(4);
    expect(parse({ ...llama, dtype: 'float16' }).weightBytes).toBe(2);
    expect(parse({ ...llama, dtype: 'float8_e5m2' }).weightBytes).toBe(1);
  });

  const weights = { num_bits: 4, type: 'float', group_size: 16 };
  it.each<[object, number]>([
    [{ quant_method: 'awq', bits: 4 }, 0.5],
    [{ quant_method: 'gptq', bits: 3 }, 0.375],
    [{ quant_method: 'fp8' }, 1],
    [{ quant_method: 'fbgemm_fp8' }, 1],
    [{ quant_method: 'mxfp4' }, 0.5],
    [{ quant_method: 'bitsandbytes', load_in_4bit: true, load_in_8bit: false }, 0.5],
    [{ load_in_8bit: true }, 1],
    [{ quant_method: 'compressed-tensors', config_groups: { group_0: { weights: { num_bits: 8 } } } }, 1],
    [{ quant_method: 'modelopt', quant_algo: 'NVFP4', config_groups: { group_0: { weights } } }, 0.5],
    [{ quant_method: 'modelopt', quant_algo: 'FP8' }, 1],
    [{ quant_method: 'hqq', quant_config: { weight_quant_params: { nbits: 2 } } }, 0.25],
  ])('reads the bytes of a quantised weight: %j', (quantization_config, bytes) => {
    const model = parse({ ...llama, quantization_config });
    expect(model.weightBytes).toBe(bytes);
    expect(model.quantization?.weightBytes).toBe(bytes);
  });

  it('says where it cannot, and keeps the bytes from before', () => {
    const unknown = { quant_method: 'quanto', weights: 'int4' };
    expect(parse({ ...llama, quantization_config: unknown })).toMatchObject({
      weightBytes: 2,
      quantization: { method: 'quanto', weightBytes: null, block: null },
    });
    const config_groups = { a: { weights }, b: { weights: { num_bits: 8 } } };
    const mixed = parse({
      ...llama,
      quantization_config: { quant_method: 'compressed-tensors', config_groups },
    });
    expect(mixed.quantization).toMatchObject({ weightBytes: null, block: { rows: 1, cols: 16 } });
  });

  it('takes the language model of one that sees', () => {
    const { architectures: _, ...text } = llama;
    const model = parse({
      architectures: ['Mistral3ForConditionalGeneration'],
      torch_dtype: 'float32',
      text_config: { ...text, model_type: 'mistral' },
    });
    expect(model).toMatchObject({ architecture: 'MistralForCausalLM', hidden: 64, weightBytes: 4 });
  });

  it('finds a name', () => {
    expect(parse({ ...llama, _name_or_path: 'meta-llama/Llama-3.2-1B' }).name).toBe('Llama-3.2-1B');
    expect(parseHfConfig(JSON.stringify(llama), 'mine').name).toBe('mine');
  });
});
