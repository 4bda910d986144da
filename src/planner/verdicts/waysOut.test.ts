import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { presets } from '../../models/presets.ts';
import { deepSeekV2Lite, llama, qwen3Fp8 } from '../../program/testing/configs.ts';
import { countConfig, countModel } from '../model/countModel.ts';
import type { CountedModel } from '../model/parts.ts';
import type { CodebaseId } from './codebase.ts';
import { CODEBASES, legalDegrees, type Verdict, verdictsOf } from './verdicts.ts';

const CASES = new URL('../../../tests/cases/configs/', import.meta.url);
const caseOf = (name: string): CountedModel =>
  countModel(readFileSync(new URL(`${name}.json`, CASES), 'utf8'));

function verdict(model: CountedModel, codebase: CodebaseId, p: number): Verdict {
  return verdictsOf(model, p)[codebase];
}

function legal(model: CountedModel, id: CodebaseId): readonly number[] {
  const codebase = CODEBASES.find((one) => one.id === id);
  if (codebase === undefined) throw new Error(`no ${id}`);
  return legalDegrees(codebase, model);
}

describe('quantised weights', () => {
  const qwen = countConfig(qwen3Fp8);
  const vllm = (config: object, p: number) => verdict(countConfig(config), 'vllm', p).reasons;

  it('are cut between their blocks by vLLM', () => {
    // vLLM: "The output_size of gate's and up's weight = 192 is not divisible by weight quantization block_n = 128."
    expect(verdict(qwen, 'vllm', 8).reasons).toEqual([
      '192 of the 1,536 columns of each expert are no whole quantisation blocks of 128',
    ]);
    expect(verdict(qwen, 'vllm', 4).reasons).toEqual([]);
    const { quantization_config: _, ...plain } = qwen3Fp8;
    expect(vllm(plain, 8)).toEqual([]);
    const v3 = countConfig(presets.find(({ id }) => id === 'deepseek-v3')?.config);
    expect(verdict(v3, 'vllm', 32).reasons).toEqual([
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
    expect(vllm({ ...awq, quantization_config: { ...awq.quantization_config, group_size: -1 } }, 2)).toEqual(
      [],
    );
    expect(verdict(countConfig(awq), 'vllm', 2).ways).toEqual([
      'a checkpoint quantised in groups of 64',
      '29,696 MLP columns, padded with zeros before quantising', // what Qwen published in its place
      '1 rank',
      'TP 1 × PP 2 on the same 2 (--pipeline-parallel-size 2)',
    ]);
  });

  it('in groups are regrouped for experts, down to 32', () => {
    const gptq = { ...qwen3Fp8, quantization_config: { quant_method: 'gptq', bits: 4, group_size: 128 } };
    expect(vllm(gptq, 16)).toEqual([]); // 96 columns
    expect(vllm(gptq, 32)).toEqual([
      '48 of the 1,536 columns of each expert are no whole quantisation blocks of 32',
    ]);
    // AWQ's: "Reduce --tensor-parallel-size so that moe_intermediate_size / tp >= group_size."
    const awq = { ...qwen3Fp8, quantization_config: { quant_method: 'awq', bits: 4, group_size: 128 } };
    expect(vllm(awq, 8)).toEqual([]); // 192 columns are a group of 128 and a half
    expect(vllm(awq, 16)).toEqual([
      '96 of the 1,536 columns of each expert are no whole quantisation blocks of 128',
    ]);
  });

  it('have their scales cut by DeepSeek’s code', () => {
    const v3 = countConfig(presets.find(({ id }) => id === 'deepseek-v3')?.config);
    expect(verdict(v3, 'deepseek', 32).reasons).toEqual([
      '144 quantisation blocks of MLP columns do not divide by 32',
      '16 quantisation blocks of columns of the shared experts do not divide by 32',
    ]);
    const awq = countConfig({ ...deepSeekV2Lite, quantization_config: { quant_method: 'awq', bits: 4 } });
    expect(verdict(awq, 'deepseek', 2).reasons).toEqual(['does not read weights quantised by awq']);
  });

  it('of experts stay whole with expert parallelism', () => {
    expect(verdict(qwen, 'vllm', 8).ways[0]).toBe(
      'expert parallelism, whole experts on each rank (--enable-expert-parallel)',
    );
    expect(verdictsOf(qwen, 8, { expertParallel: true }).vllm.ok).toBe(true);
    expect(verdict(qwen, 'sglang', 8).ways[0]).toBe(
      'expert parallelism, whole experts on each rank (--ep-size 8)',
    );
  });
});

describe('the cases', () => {
  const facts: Readonly<Record<string, () => void>> = {
    falcon7b() {
      // Multi-query, and 71 heads: a prime.
      const model = caseOf('falcon7b');
      expect(legal(model, 'vllm')).toEqual([1]);
      expect(verdict(model, 'vllm', 2)).toEqual({
        ok: false,
        reasons: ['71 heads do not divide by 2'],
        ways: ['1 rank', 'TP 1 × PP 2 on the same 2 (--pipeline-parallel-size 2)', 'llama.cpp: runs it on 2'],
      });
      expect(verdict(model, 'transformers', 2).ok).toBeNull();
    },
    'internvl25-78b-llm_config'() {
      const model = caseOf('internvl25-78b-llm_config');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8, 16, 32, 64]);
      expect(verdict(model, 'transformers', 2).reasons).toEqual([
        'has no class InternVLChatModel, and so no tp_plan',
      ]);
    },
    'llama2-70b-awq'() {
      const model = caseOf('llama2-70b-awq');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8, 16, 32]); // 28,672 / 64 = 448 columns: three groups and a half
      expect(verdict(model, 'vllm', 64).ways).toContain('a checkpoint quantised in groups of 64');
      expect(verdict(model, 'llama.cpp', 2).ways[0]).toMatch(/^the unquantised checkpoint, converted/);
      expect(verdict(model, 'megatron', 2)).toMatchObject({ ok: true, reasons: [/none quantised by awq$/] });
    },
    'llama3-8b-bnb4'() {
      // Both loaders: "Prequant BitsAndBytes models with tensor parallelism is not supported. Please try with pipeline parallelism."
      const model = caseOf('llama3-8b-bnb4');
      for (const id of ['vllm', 'sglang'] as const) {
        expect(legal(model, id)).toEqual([1]);
        const { ok, reasons, ways } = verdict(model, id, 4);
        expect([ok, reasons]).toEqual([
          false,
          ['a checkpoint quantised by bitsandbytes is refused on more than one tensor-parallel rank'],
        ]);
        expect(ways.slice(0, 3)).toEqual([
          'the unquantised checkpoint, which it can quantise by bitsandbytes while it loads',
          'a checkpoint quantised by AWQ, GPTQ or fp8',
          '1 rank',
        ]);
        expect(ways[3]).toMatch(/^TP 1 × PP 4 on the same 4/);
      }
      expect(verdict(model, 'transformers', 2).ok).toBe(false);
      expect(verdict(model, 'llama.cpp', 2).reasons).toEqual([
        'its converter to GGUF does not read weights quantised by bitsandbytes',
      ]);
    },
    'llama32-1b-awq'() {
      const model = caseOf('llama32-1b-awq');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8, 16]); // 32 heads of 64 on 32 ranks: half a group of 128
      expect(verdict(model, 'vllm', 32).ways[0]).toBe('a checkpoint quantised in groups of 64');
    },
    'llava15-7b-hf'() {
      const model = caseOf('llava15-7b-hf');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8, 16, 32]);
      expect(legal(model, 'distributed-llama')).toEqual([]);
      expect(verdict(model, 'ringside', 3).ok).toBe(true);
    },
    'mistral7b-v01'() {
      const model = caseOf('mistral7b-v01');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8, 16, 32]);
      expect(legal(model, 'distributed-llama')).toEqual([1, 2, 4, 8]);
      expect(legal(model, 'transformers')).toEqual([1, 2, 4, 8]);
    },
    'phi3-medium'() {
      // 40 heads and 10 key/value heads.
      const model = caseOf('phi3-medium');
      expect(legal(model, 'vllm')).toEqual(
        [1, 2, 5, 10, 20, 40].filter((p) => 17_920 % p === 0 && 32_064 % p === 0),
      );
      expect(verdict(model, 'vllm', 4)).toEqual({
        ok: false,
        reasons: ['10 key/value heads neither divide by 4 nor into it'],
        ways: [
          '2 ranks',
          'TP 2 × PP 2 on the same 4 (--pipeline-parallel-size 2)',
          'transformers and llama.cpp: run it on 4',
        ],
      });
      expect(verdict(model, 'transformers', 4)).toMatchObject({
        ok: true,
        reasons: ['attention and its cache are whole on every rank'],
      });
    },
    'phi4-mini'() {
      const model = caseOf('phi4-mini');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8]);
      expect(verdict(model, 'vllm', 16).ways[0]).toBe('8 ranks');
    },
    'qwen25vl-7b-flat'() {
      const model = caseOf('qwen25vl-7b-flat');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4]); // 28 heads, 4 key/value heads: 7, 14 and 28 neither way
      expect(legal(model, 'transformers')).toEqual([1, 2, 4]);
      expect(verdict(model, 'vllm', 8).ways.slice(0, 2)).toEqual([
        '4 ranks',
        'TP 4 × PP 2 on the same 8 (--pipeline-parallel-size 2)',
      ]);
    },
    'qwen3-480b-fp8'() {
      const model = caseOf('qwen3-480b-fp8');
      expect(verdict(model, 'vllm', 4).ok).toBe(true);
      const { ok, reasons, ways } = verdict(model, 'vllm', 8);
      expect(ok).toBe(false);
      expect(reasons).toEqual([
        '320 of the 2,560 columns of each expert are no whole quantisation blocks of 128',
      ]);
      expect(ways).toEqual([
        'expert parallelism, whole experts on each rank (--enable-expert-parallel)',
        'the unquantised checkpoint, which has no blocks',
        '4 ranks',
        'TP 4 × PP 2 on the same 8 (--pipeline-parallel-size 2)',
        'llama.cpp: runs it on 8',
      ]);
      expect(verdictsOf(model, 8, { expertParallel: true }).vllm).toEqual({
        ok: true,
        reasons: [],
        ways: [],
      });
      expect(verdict(model, 'sglang', 8).ways[0]).toMatch(/--ep-size 8/);
    },
    'r1-distill-qwen14b'() {
      const model = caseOf('r1-distill-qwen14b');
      expect(legal(model, 'vllm')).toEqual([1, 2, 4, 8]);
      expect(verdict(model, 'vllm', 16).reasons).toEqual(['40 heads do not divide by 16']);
    },
  };

  it.each(readdirSync(CASES).map((file) => file.replace('.json', '')))('%s', (name) => {
    const fact = facts[name];
    expect(fact, `nothing is known of ${name}`).toBeDefined();
    fact?.();
  });
});
