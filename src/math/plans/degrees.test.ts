import { describe, expect, it } from 'vitest';
import { type CodebaseId, codebases, degreesOf } from './degrees.ts';
import { readHfConfig } from './hfConfig.ts';
import type { ModelConfig } from './modelConfig.ts';
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
    ['mixtral-8x7b', 'deepseek', [1, 2, 4, 8]],
    ['deepseek-v3', 'deepseek', [1, 2, 4, 8, 16, 32, 64]],
    ['deepseek-v3', 'megatron', [1, 2, 4, 8, 16, 32, 64]],
  ])('%s in %s: %j', (id, codebase, expected) => {
    expect(legal(id, codebase)).toEqual(expected);
  });

  it('says why not, with the numbers', () => {
    const qwen = model('qwen2.5-0.5b');
    expect(reasons(qwen, 'megatron', 7)).toEqual([
      '2 key/value heads neither divide by 7 nor into it',
      '4864 MLP columns do not divide by 7',
    ]);
    expect(reasons(qwen, 'vllm', 7)).toContain('151936 vocabulary entries do not divide by 7');
    expect(reasons(qwen, 'megatron', 4)).toEqual(['14 heads do not divide by 4']);
    expect(reasons(model('deepseek-v3'), 'megatron', 3).filter((reason) => reason.includes('heads'))).toEqual(
      [
        '128 heads do not divide by 3', // latent attention has no key/value heads to share out
      ],
    );
    expect(reasons(model('mixtral-8x7b'), 'deepseek', 16)).toEqual(['8 experts do not divide by 16']);
    const vocab = { ...qwen, vocab: 151_937 };
    expect(reasons(vocab, 'vllm', 7)).toContain(
      '152000 vocabulary entries (151937 before padding) do not divide by 7',
    );
  });

  it('finds the view that breaks where DeepSeek’s asserts pass', () => {
    // 16 heads of 192 columns on 3 ranks: 3072 divide, 16 do not. Here every other size divides too.
    const config = readHfConfig({
      architectures: ['DeepseekV2ForCausalLM'],
      hidden_size: 96,
      intermediate_size: 96,
      num_hidden_layers: 1,
      num_attention_heads: 16,
      kv_lora_rank: 32,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 64,
      vocab_size: 300,
    });
    expect(reasons(config, 'deepseek', 3)).toEqual([
      '16 heads do not divide by 3: its asserts pass, as 3072 columns do, and a view breaks',
    ]);
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
