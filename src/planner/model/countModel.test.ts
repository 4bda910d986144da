import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { parseHfConfig } from '../../models/hfConfig.ts';
import { presets } from '../../models/presets.ts';
import { modelCost } from '../../models/testing/modelPlan.ts';
import { countConfig, countModel } from './countModel.ts';
import { activeParametersOf, cacheElements, checkpointBytesOf, parametersOf } from './parts.ts';
import { PUBLIC_MODELS } from './publicModels.ts';

const CASES = new URL('../../../tests/cases/', import.meta.url);
const caseOf = (name: string): string => readFileSync(new URL(`configs/${name}.json`, CASES), 'utf8');

/** Worked out from the model cards: the language model of those with images. */
const CASE_PARAMETERS: Readonly<Record<string, number>> = {
  falcon7b: 6_921_720_704,
  'internvl25-78b-llm_config': 72_699_813_888,
  'llama2-70b-awq': 68_976_648_192,
  'llama3-8b-bnb4': 8_030_261_248,
  'llama32-1b-awq': 1_235_814_400,
  'llava15-7b-hf': 6_738_939_904,
  'mistral7b-v01': 7_241_732_096,
  'phi3-medium': 13_960_238_080,
  'phi4-mini': 3_836_021_760,
  'qwen25vl-7b-flat': 7_615_616_512,
  'qwen3-480b-fp8': 480_154_875_392,
  'r1-distill-qwen14b': 14_770_033_664,
};

describe('parameters', () => {
  it.each(PUBLIC_MODELS.map((model) => [model.repository, model] as const))(
    'of %s are those that it publishes',
    (_, { config, parameters }) => {
      expect(parametersOf(countConfig(config))).toBe(parameters);
    },
  );

  it('are those of the programs, for models that have one', () => {
    for (const { model, config } of presets) {
      const [rank] = modelCost(model, 1, { tokens: 1, past: 0 }).ranks;
      expect(parametersOf(countConfig(config)), model.name).toBe(rank?.weightElements);
    }
  });

  it.each(readdirSync(new URL('configs/', CASES)).map((file) => file.replace('.json', '')))(
    'of the case %s',
    (name) => {
      expect(parametersOf(countModel(caseOf(name)))).toBe(CASE_PARAMETERS[name]);
    },
  );

  it('that a token meets: of a mixture the chosen experts', () => {
    const gptOss = PUBLIC_MODELS.find(({ repository }) => repository === 'openai/gpt-oss-20b');
    expect(activeParametersOf(countConfig(gptOss?.config)) / 1e9).toBeCloseTo(3.61, 2); // as its card has it
  });
});

describe('bytes', () => {
  const published: { weight_bytes_GB: { case: string; published: number; source: string }[] } = JSON.parse(
    readFileSync(new URL('../published.json', import.meta.url), 'utf8'),
  );

  it.each(published.weight_bytes_GB.map((row) => [row.case, row] as const))('of %s', (_, row) => {
    const bytes = checkpointBytesOf(countModel(readFileSync(new URL(row.case, CASES), 'utf8')));
    // Published to a tenth of a gigabyte: half of that, and 2 %.
    expect(Math.abs(bytes / 1e9 - row.published)).toBeLessThanOrEqual(0.05 + 0.02 * row.published);
  });

  it.each([
    ['llama32-1b-awq', 1.03],
    ['llama2-70b-awq', 36.6],
    ['llama3-8b-bnb4', 5.7], // unsloth/llama-3-8b-bnb-4bit: model.safetensors 5.70 GB
    ['falcon7b', 14.43], // with the head that transformers ties
    ['r1-distill-qwen14b', 29.54],
    ['qwen3-480b-fp8', 482],
  ])('of the case %s are those of its files: %f GB', (name, gigabytes) => {
    const bytes = checkpointBytesOf(countModel(caseOf(name))) / 1e9;
    expect(Math.abs(bytes / gigabytes - 1)).toBeLessThan(0.02);
  });

  it.each(
    PUBLIC_MODELS.filter(({ config }) => !('quantization_config' in config)).map(
      (one) => [one.repository, one] as const,
    ),
  )(
    'of %s are two for each parameter, and a head twice where the files hold it twice',
    (_, { config, parameters }) => {
      const model = countConfig(config);
      const twice = model.tied && model.storesHead ? model.hidden * model.vocab : 0;
      expect(checkpointBytesOf(model) / (2 * (parameters + twice))).toBeCloseTo(1, 6);
    },
  );

  it.each([
    'internvl25-78b-llm_config',
    'llava15-7b-hf',
    'mistral7b-v01',
    'phi3-medium',
    'phi4-mini',
    'qwen25vl-7b-flat',
  ])('of the case %s are two for each parameter', (name) => {
    const model = countModel(caseOf(name));
    expect(checkpointBytesOf(model)).toBe(2 * (CASE_PARAMETERS[name] ?? 0));
  });

  it('of experts in MXFP4: 4.25 bits a number, and the rest in bfloat16', () => {
    const find = (name: string) => PUBLIC_MODELS.find(({ repository }) => repository === name)?.config;
    const quantization_config = {
      quant_method: 'mxfp4',
      modules_to_not_convert: [
        'model.layers.*.self_attn',
        'model.layers.*.mlp.router',
        'model.embed_tokens',
        'lm_head',
      ],
    };
    // The files of the repositories have 13.76 and 65.25 GB.
    expect(
      checkpointBytesOf(countConfig({ ...find('openai/gpt-oss-20b'), quantization_config })) / 1e9,
    ).toBeCloseTo(13.76, 1);
    expect(
      checkpointBytesOf(countConfig({ ...find('openai/gpt-oss-120b'), quantization_config })) / 1e9,
    ).toBeCloseTo(65.25, 1);
  });

  it('leave wide what a file names, in full, in part or by a pattern', () => {
    const base = { ...PUBLIC_MODELS[0]?.config };
    const bytes = (ignore: string[]): number =>
      checkpointBytesOf(countConfig({ ...base, quantization_config: { quant_method: 'fp8', ignore } }));
    const [all, one, every, pattern] = [
      bytes([]),
      bytes(['model.layers.3.self_attn.q_proj']),
      bytes(['q_proj']),
      bytes(['re:.*q_proj']),
    ];
    expect(one - all).toBe(4096 * 4096);
    expect(every - all).toBe(32 * 4096 * 4096);
    expect(pattern).toBe(every);
    expect(bytes(['re:(', 're:(.*)*x(.*)*y'])).toBe(all);
  });
});

describe('what is read beside sizes', () => {
  it('the longest context is that of the positions, and the window stands beside it', () => {
    const [mistral, phi] = [countModel(caseOf('mistral7b-v01')), countModel(caseOf('phi3-medium'))];
    expect([mistral.maxPositions, mistral.layers[0]?.window]).toEqual([32_768, 4096]);
    expect([phi.maxPositions, phi.layers[0]?.window]).toEqual([4096, 2047]);
  });

  it('layers that slide alternate with those that do not', () => {
    const runs = (repository: string) =>
      countConfig(PUBLIC_MODELS.find((one) => one.repository === repository)?.config).layers.map(
        ({ count, window }) => [count, window],
      );
    expect(runs('google/gemma-2-9b')).toEqual([
      [21, 4096],
      [21, null],
    ]);
    expect(runs('google/gemma-3-1b-pt')).toEqual([
      [22, 4096],
      [4, null],
    ]);
    expect(runs('openai/gpt-oss-20b')).toEqual([
      [12, 128],
      [12, null],
    ]);
  });

  it('the cache of latent attention is one vector', () => {
    const latent = countConfig(presets.find(({ id }) => id === 'deepseek-v3')?.config).layers[0];
    expect(latent && cacheElements(latent.attention)).toBe(576);
  });

  it('a hybrid is refused by the part that is no attention', () => {
    const jamba = { model_type: 'jamba', architectures: ['JambaForCausalLM'] };
    expect(() => countConfig(jamba)).toThrow(
      'JambaForCausalLM is not counted, as most of its layers are Mamba',
    );
    expect(() => countConfig({ architectures: ['Qwen3NextForCausalLM'] })).toThrow('linear attention');
    expect(() => countConfig({})).toThrow(LabError);
    expect(() => countConfig({ model_type: 'constructor' })).toThrow('not known here');
  });

  it('counts what is counted, and not run', () => {
    expect(() => parseHfConfig(caseOf('falcon7b'))).toThrow(LabError);
    expect(countModel(caseOf('falcon7b')).layers[0]?.parallel).toBe(true);
  });
});
