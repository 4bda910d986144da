import { describe, expect, it } from 'vitest';
import { presets } from '../../models/presets.ts';
import { deepSeekV2Lite } from '../../program/testing/configs.ts';
import { countConfig } from '../model/countModel.ts';
import type { CountedModel } from '../model/parts.ts';
import { PUBLIC_MODELS } from '../model/publicModels.ts';
import type { CodebaseId } from './codebase.ts';
import { CODEBASES, verdictsOf } from './verdicts.ts';

const AWQ = { quant_method: 'awq', bits: 4, group_size: 128 };
const BNB = { quant_method: 'bitsandbytes', load_in_4bit: true };
const FP8 = { quant_method: 'fp8', weight_block_size: [128, 128] };
const ALL = Array.from({ length: 64 }, (_, index) => index + 1);

function preset(id: string): CountedModel {
  const found = presets.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return countConfig(found.config);
}

function published(repository: string): CountedModel {
  const found = PUBLIC_MODELS.find((one) => one.repository === repository);
  if (found === undefined) throw new Error(`no ${repository}`);
  return countConfig(found.config);
}

function legal(model: CountedModel, codebase: CodebaseId): number[] {
  return ALL.filter((p) => verdictsOf(model, p)[codebase].ok);
}

function reasons(model: CountedModel, codebase: CodebaseId, p: number): readonly string[] {
  return verdictsOf(model, p)[codebase].reasons;
}

describe('verdictsOf', () => {
  it('runs on any number of ranks here', () => {
    for (const { id } of presets) expect(legal(preset(id), 'ringside')).toEqual(ALL);
  });

  it.each<[string, CodebaseId, number[]]>([
    ['llama-3-70b', 'megatron', [1, 2, 4, 8, 16, 32, 64]],
    ['llama-3-70b', 'vllm', [1, 2, 4, 8, 16, 32, 64]],
    ['llama-3-70b', 'sglang', [1, 2, 4, 8, 16, 32, 64]],
    ['llama-3-70b', 'transformers', [1, 2, 4, 8]], // no key/value head is copied
    ['llama-3-70b', 'llama.cpp', ALL.slice(0, 16)],
    ['llama-3-70b', 'distributed-llama', [1, 2, 4, 8]],
    ['llama-3-70b', 'deepseek', []],
    ['llama-3.2-1b', 'vllm', [1, 2, 4, 8, 16, 32]],
    ['qwen2.5-0.5b', 'megatron', [1, 2]],
    ['qwen2.5-0.5b', 'vllm', [1, 2]],
    ['qwen2.5-0.5b', 'distributed-llama', []],
    ['mixtral-8x7b', 'vllm', [1, 2, 4, 8, 16, 32]],
    ['deepseek-v3', 'vllm', [1, 2, 4, 8, 16]], // at 32 a rank would have half a quantisation block of an expert
    ['deepseek-v3', 'sglang', [1, 2, 4, 8, 16]],
    ['deepseek-v3', 'deepseek', [1, 2, 4, 8, 16]],
    ['deepseek-v3', 'megatron', [1, 2, 4, 8, 16, 32, 64]],
    ['deepseek-v3', 'llama.cpp', [1]],
  ])('%s in %s: %j', (id, codebase, expected) => {
    expect(legal(preset(id), codebase)).toEqual(expected);
  });

  it('says why not, with the numbers', () => {
    const qwen = preset('qwen2.5-0.5b');
    expect(reasons(qwen, 'megatron', 7)).toEqual([
      '2 key/value heads neither divide by 7 nor into it',
      '4,864 MLP columns do not divide by 7',
    ]);
    expect(reasons(qwen, 'vllm', 7)).toContain('151,936 vocabulary entries do not divide by 7');
    expect(reasons(qwen, 'megatron', 4)).toEqual(['14 heads do not divide by 4']);
    expect(reasons(qwen, 'transformers', 4)).toEqual(['2 key/value heads do not divide by 4']);
    expect(
      reasons(preset('deepseek-v3'), 'megatron', 3).filter((reason) => reason.includes('heads')),
    ).toEqual([
      '128 heads do not divide by 3', // latent attention has no key/value heads to share out
    ]);
    expect(reasons({ ...qwen, vocab: 151_937 }, 'vllm', 7)).toContain(
      '152,000 vocabulary entries (151,937 before padding) do not divide by 7',
    );
    expect(reasons(preset('llama-3-70b'), 'llama.cpp', 32)).toEqual(['takes at most 16 devices, and not 32']);
    expect(reasons(preset('llama-3-70b'), 'distributed-llama', 16)).toEqual([
      '16 nodes are more than the 8 key/value heads',
    ]);
    expect(reasons(preset('llama-3-70b'), 'distributed-llama', 6)[0]).toBe(
      'runs on 1, 2, 4 … 2ⁿ nodes, and not on 6',
    );
  });

  it('runs nothing but DeepSeek’s models in DeepSeek’s code', () => {
    for (const { id, model } of presets.filter((one) => one.id !== 'deepseek-v3')) {
      expect([id, [1, 8].map((p) => verdictsOf(preset(id), p).deepseek)]).toEqual([
        id,
        Array(2).fill({ ok: null, reasons: [`does not run ${model.architecture}`], ways: [] }),
      ]);
    }
  });

  it.each<[string, CodebaseId, string]>([
    ['tiiuae/falcon-40b', 'transformers', 'has no tp_plan for falcon'],
    ['openai/gpt-oss-20b', 'transformers', 'has a plan of expert parallelism for gpt-oss, and no tp_plan'],
    ['tiiuae/falcon-40b', 'distributed-llama', 'does not convert falcon'],
    [
      'google/gemma-2-9b',
      'ringside',
      'counts gemma2, and has no program of it: its MLP is gated by GELU and its logits are capped',
    ],
  ])('of %s does not ask %s, which lacks it', (repository, codebase, reason) => {
    expect(verdictsOf(published(repository), 2)[codebase]).toEqual({ ok: null, reasons: [reason], ways: [] });
  });

  it('finds the view that breaks where DeepSeek’s asserts pass', () => {
    // DeepSeek-V2-Lite on 32 ranks: 3072, 4096 and 2048 columns divide, as does all else, and 16 // 32 heads are none.
    const lite = countConfig(deepSeekV2Lite);
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

  it('tells what uneven shards waste here', () => {
    const big = preset('llama-3-70b');
    expect(reasons(big, 'ringside', 8)).toEqual([]);
    expect(reasons(big, 'ringside', 16)).toEqual(['each of the 8 key/value heads is on 2 ranks']);
    expect(reasons(big, 'ringside', 12)).toEqual(['4 of 12 ranks hold none of the 64 heads']);
    expect(reasons(big, 'ringside', 3)).toEqual(['some ranks hold 24 of the 64 heads, others 16']);
    expect(reasons(big, 'llama.cpp', 12)).toEqual(['4 of 12 ranks hold none of the 8 key/value heads']);
    expect(reasons(preset('qwen2.5-0.5b'), 'ringside', 3)).toEqual([
      '1 of 3 ranks holds none of the 14 heads',
    ]);
    expect(reasons(preset('mixtral-8x7b'), 'ringside', 16)).toContain(
      '8 of 16 ranks hold none of the 8 experts',
    );
  });

  it('has a label, a rule and a source for every verdict', () => {
    const verdicts = verdictsOf(preset('llama-3-70b'), 1);
    expect(CODEBASES.map(({ id }) => id).sort()).toEqual(Object.keys(verdicts).sort());
    for (const { label, rule, version, read } of CODEBASES) {
      expect([label, rule, version].every((words) => words !== '' && !words.endsWith('.'))).toBe(true);
      expect(read.length).toBeGreaterThan(0);
    }
  });

  it.each(PUBLIC_MODELS.map(({ repository, config }) => [repository, config] as const))(
    'has a way out beside every ✗ of %s, however it is quantised',
    (_, config) => {
      for (const quantization_config of [null, AWQ, BNB, FP8]) {
        const model = countConfig({ ...config, quantization_config });
        for (const p of [1, 2, 3, 5, 8, 16, 24, 64]) {
          for (const [id, { ok, reasons: why, ways }] of Object.entries(verdictsOf(model, p))) {
            const at = `${id} ${p} ${model.quantization?.method}`;
            if (ok === true) expect(ways, at).toEqual([]);
            else expect(why, at).not.toEqual([]);
            if (ok === false) expect(ways, at).not.toEqual([]);
            for (const words of [...why, ...ways]) expect(words).not.toMatch(/undefined|NaN|\.$/);
          }
        }
      }
    },
  );

  it('answers for 64 degrees in 10 ms', () => {
    const times = PUBLIC_MODELS.map(({ config }) => {
      const model = countConfig(config);
      const before = performance.now();
      for (const p of ALL) verdictsOf(model, p);
      return performance.now() - before;
    });
    expect(Math.min(...times)).toBeLessThan(10); // whatever else the machine does meanwhile
  });
});
