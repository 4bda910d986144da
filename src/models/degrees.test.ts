import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../program/modelConfig.ts';
import { deepSeekV2Lite, llama, qwen3Fp8 } from '../program/testing/configs.ts';
import { type CodebaseId, codebases, degreesOf } from './degrees.ts';
import { readHfConfig } from './hfConfig.ts';
import { presets } from './presets.ts';

function model(id: string): ModelConfig {
  const found = presets.find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found.model;
}

function legal(id: string, codebase: CodebaseId): number[] {
  return degreesOf(model(id))
    .filter(({ verdicts }) => verdicts[codebase].ok)
    .map(({ p }) => p);
}

function reasons(config: ModelConfig, codebase: CodebaseId, p: number): readonly string[] {
  return degreesOf(config, [p])[0]?.verdicts[codebase].reasons ?? [];
}

describe('degreesOf', () => {
  it('runs on any number of ranks here', () => {
    for (const { id } of presets) expect(legal(id, 'ringside')).toHaveLength(64);
  });

  it.each<[string, CodebaseId, number[]]>([
    ['llama-3-70b', 'megatron', [1, 2, 4, 8, 16, 32, 64]],
    ['llama-3-70b', 'vllm', [1, 2, 4, 8, 16, 32, 64]],
    ['llama-3.2-1b', 'vllm', [1, 2, 4, 8, 16, 32]],
    ['qwen2.5-0.5b', 'megatron', [1, 2]],
    ['qwen2.5-0.5b', 'vllm', [1, 2]],
    ['mixtral-8x7b', 'vllm', [1, 2, 4, 8, 16, 32]],
    ['deepseek-v3', 'vllm', [1, 2, 4, 8, 16]], // at 32 a rank would have half a quantisation block of an expert
    ['deepseek-v3', 'deepseek', [1, 2, 4, 8, 16]],
    ['deepseek-v3', 'megatron', [1, 2, 4, 8, 16, 32, 64]],
  ])('%s in %s: %j', (id, codebase, expected) => {
    expect(legal(id, codebase)).toEqual(expected);
  });

  it('says why not, with the numbers', () => {
    const qwen = model('qwen2.5-0.5b');
    expect(reasons(qwen, 'megatron', 7)).toEqual([
      '2 key/value heads neither divide by 7 nor into it',
      '4,864 MLP columns do not divide by 7',
    ]);
    expect(reasons(qwen, 'vllm', 7)).toContain('151,936 vocabulary entries do not divide by 7');
    expect(reasons(qwen, 'megatron', 4)).toEqual(['14 heads do not divide by 4']);
    expect(reasons(model('deepseek-v3'), 'megatron', 3).filter((reason) => reason.includes('heads'))).toEqual(
      [
        '128 heads do not divide by 3', // latent attention has no key/value heads to share out
      ],
    );
    const vocab = { ...qwen, vocab: 151_937 };
    expect(reasons(vocab, 'vllm', 7)).toContain(
      '152,000 vocabulary entries (151,937 before padding) do not divide by 7',
    );
  });

  it('runs nothing but DeepSeek’s models in DeepSeek’s code', () => {
    for (const { id, model } of presets.filter((preset) => preset.id !== 'deepseek-v3')) {
      expect([id, degreesOf(model, [1, 8]).map(({ verdicts }) => verdicts.deepseek)]).toEqual([
        id,
        Array(2).fill({ ok: null, reasons: [`does not run ${model.architecture}`] }),
      ]);
    }
  });

  it('finds the view that breaks where DeepSeek’s asserts pass', () => {
    // DeepSeek-V2-Lite on 32 ranks: 3072, 4096 and 2048 columns divide, as does all else, and 16 // 32 heads are none.
    const lite = readHfConfig(deepSeekV2Lite);
    expect(reasons(lite, 'deepseek', 32)).toEqual([
      '16 heads do not divide by 32: its asserts pass, as 3,072 columns do, and a view breaks',
    ]);
    // On 3 ranks query columns divide too, and the next assert is the first to fail.
    expect(reasons(lite, 'deepseek', 3)).toEqual([
      '102,400 vocabulary entries do not divide by 3',
      '4,096 key and value columns do not divide by 3',
      '2,048 value columns do not divide by 3',
      '2,816 columns of the shared experts do not divide by 3',
      '64 experts do not divide by 3',
    ]);
  });

  describe('quantised weights', () => {
    const qwen = readHfConfig(qwen3Fp8);
    const vllm = (config: object, p: number) => reasons(readHfConfig(config), 'vllm', p);

    it('are cut between their blocks by vLLM', () => {
      // vLLM: "The output_size of gate's and up's weight = 192 is not divisible by weight quantization block_n = 128."
      expect(reasons(qwen, 'vllm', 8)).toEqual([
        '192 of the 1,536 columns of each expert are no whole quantisation blocks of 128',
      ]);
      expect(reasons(qwen, 'vllm', 4)).toEqual([]);
      const { quantization_config: _, ...plain } = qwen3Fp8;
      expect(vllm(plain, 8)).toEqual([]);
      expect(reasons(model('deepseek-v3'), 'vllm', 32)).toEqual([
        '576 of the 18,432 MLP columns are no whole quantisation blocks of 128',
        '64 of the 2,048 columns of the shared experts are no whole quantisation blocks of 128',
        '64 of the 2,048 columns of each expert are no whole quantisation blocks of 128',
      ]);
    });

    it('have a key head a rank at least', () => {
      const narrow = { ...qwen3Fp8, head_dim: 64, num_attention_heads: 128 };
      expect(vllm(narrow, 2)).toEqual([]);
      expect(vllm(narrow, 4)).toEqual(['64 of the 256 key columns are no whole quantisation blocks of 128']);
      expect(vllm(narrow, 16)[0]).toBe('64 of the 256 key columns are no whole quantisation blocks of 128');
    });

    it('in groups bind only what row splits cut', () => {
      // 29568 / 128 = 231: InternVL3-78B-AWQ and Qwen2.5-VL-72B-AWQ, vLLM issue 21695.
      const awq = {
        ...llama,
        hidden_size: 8192,
        intermediate_size: 29_568,
        num_attention_heads: 64,
        num_key_value_heads: 8,
        vocab_size: 152_064,
        quantization_config: { quant_method: 'awq', bits: 4, group_size: 128 },
      };
      expect(vllm(awq, 1)).toEqual([]);
      expect(vllm(awq, 2)).toEqual([
        '14,784 of the 29,568 MLP columns are no whole quantisation blocks of 128',
      ]);
      expect(
        vllm({ ...awq, quantization_config: { ...awq.quantization_config, group_size: -1 } }, 2),
      ).toEqual([]);
    });

    it('in groups are regrouped for experts, down to 32', () => {
      const gptq = { ...qwen3Fp8, quantization_config: { quant_method: 'gptq', bits: 4, group_size: 128 } };
      expect(vllm(gptq, 16)).toEqual([]); // 96 columns
      expect(vllm(gptq, 32)).toEqual([
        '48 of the 1,536 columns of each expert are no whole quantisation blocks of 32',
      ]);
    });

    it('have their scales cut by DeepSeek’s code', () => {
      expect(reasons(model('deepseek-v3'), 'deepseek', 32)).toEqual([
        '144 quantisation blocks of MLP columns do not divide by 32',
        '16 quantisation blocks of columns of the shared experts do not divide by 32',
      ]);
      const awq = { ...deepSeekV2Lite, quantization_config: { quant_method: 'awq', bits: 4 } };
      expect(reasons(readHfConfig(awq), 'deepseek', 2)).toEqual(['does not read weights quantised by awq']);
    });
  });

  it('tells what uneven shards waste here', () => {
    const llama = model('llama-3-70b');
    expect(reasons(llama, 'ringside', 8)).toEqual([]);
    expect(reasons(llama, 'ringside', 16)).toEqual(['each of the 8 key/value heads is on 2 ranks']);
    expect(reasons(llama, 'ringside', 12)).toEqual(['4 of 12 ranks hold none of the 64 heads']);
    expect(reasons(llama, 'ringside', 3)).toEqual(['some ranks hold 24 of the 64 heads, others 16']);
    expect(reasons(model('qwen2.5-0.5b'), 'ringside', 3)).toEqual([
      '1 of 3 ranks holds none of the 14 heads',
    ]);
    expect(reasons(model('mixtral-8x7b'), 'ringside', 16)).toContain(
      '8 of 16 ranks hold none of the 8 experts',
    );
  });

  it('has a label and a rule for every verdict', () => {
    const [degree] = degreesOf(model('llama-3-70b'), [1]);
    expect(codebases.map(({ id }) => id).sort()).toEqual(Object.keys(degree?.verdicts ?? {}).sort());
  });
});
