import { expect, it } from 'vitest';
import { LabError } from '#base/errors.ts';
import { parseHfConfig } from '#models/hfConfig.ts';
import { presets } from '#models/presets.ts';
import { type Draw, faultsOf, mutateText, mutateValue } from '#numerics/testing/mutate.ts';
import { countModel } from '#planner/model/countModel.ts';
import { typeOfArchitecture } from '#planner/model/families.ts';
import type { CountedModel } from '#planner/model/parts.ts';
import type { ModelConfig } from '#program/modelConfig.ts';
import { deepSeek, llama, qwen3Fp8 } from '#program/testing/configs.ts';
import { degreeRow } from '../degrees/degreeRows.ts';
import { toCsv, toMarkdown } from '../degrees/exportText.ts';
import { factsOf } from './modelFacts.ts';

const CONFIGS: readonly object[] = [
  llama,
  { ...llama, architectures: ['Qwen2ForCausalLM'], num_key_value_heads: 2, tie_word_embeddings: true },
  { ...llama, architectures: ['Phi3ForCausalLM'], num_key_value_heads: 2, sliding_window: 1024 },
  {
    ...llama,
    head_dim: 16,
    rope_scaling: {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    },
    torch_dtype: 'bfloat16',
    max_position_embeddings: 131_072,
  },
  {
    architectures: ['LlavaForConditionalGeneration'],
    text_config: { ...llama, architectures: undefined, model_type: 'llama' },
  },
  deepSeek,
  {
    ...deepSeek,
    rope_scaling: {
      type: 'yarn',
      factor: 40,
      original_max_position_embeddings: 4096,
      mscale: 1,
      mscale_all_dim: 1,
    },
  },
  qwen3Fp8,
  ...presets.map(({ config }) => config),
];

function damage(draw: Draw): string {
  const config = draw.of(CONFIGS);
  if (draw.below(50) === 0) return deepened(config, draw);
  switch (draw.below(6)) {
    case 0:
      return mutateText(JSON.stringify(config), draw);
    case 1:
      return JSON.stringify(mutateValue(mutateValue(mutateValue(config, draw), draw), draw));
    default:
      return JSON.stringify(mutateValue(config, draw));
  }
}

/** With a value that is nested some thousand times, put in as a text: to write it as a value overflows the stack. */
function deepened(config: object, draw: Draw): string {
  const marked = JSON.stringify({ ...config, [draw.of(Object.keys(config))]: 'deep' });
  const [open, close] = draw.of([['[', ']'] as const, ['{"a":', '}'] as const]);
  return marked.replace('"deep"', `${open.repeat(5000)}1${close.repeat(5000)}`);
}

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with a model that was taken: that it is not what the file says, or cannot be planned and shown. */
function wronglyTaken(text: string): string[] {
  const model = parseHfConfig(text);
  const json = JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  const inner = json['text_config'] as Json | undefined;
  const fields = inner !== undefined && inner !== null && json['hidden_size'] === undefined ? inner : json;
  const key = JSON.stringify(model);
  const own = judged.get(key) ?? wrongWith(model, countModel(text));
  judged.set(key, own);
  return [...otherThanSaid(model, fields), ...own];
}

/** Most damage makes a model that was looked at before. */
const judged = new Map<string, readonly string[]>();

function wrongWith(model: ModelConfig, counted: CountedModel): string[] {
  const before = performance.now();
  const wrong = impossible(model);
  const rows = [1, 3].map((p) => degreeRow(counted, p));
  const figures = rows.flatMap(({ weightBytes, cacheBytesPerToken, wireBytes }) => [
    ...weightBytes,
    ...cacheBytesPerToken,
    wireBytes,
  ]);
  if (!figures.every((figure) => Number.isFinite(figure) && figure >= 0)) wrong.push(`figures ${figures}`);
  const texts = [toMarkdown('', rows, 8192), toCsv(rows, 8192)];
  const foreign = model.quantization?.method ?? '';
  const odd = [...factsOf(counted, null).map(({ text }) => text), ...texts].find((words) =>
    /NaN|undefined|Infinity|\[object/.test(foreign === '' ? words : words.replaceAll(foreign, '')),
  );
  if (odd !== undefined) wrong.push(`it says ${odd}`);
  const weights = parameters(model);
  const planned = rows[0]?.weightElements[1] ?? 0;
  // A file that calls itself two things is read as its architecture here, and as its type by the counter.
  const one = typeOfArchitecture(model.architecture) === counted.type;
  if (weights !== null && one && Math.abs(planned - weights) > 1e-9 * weights) {
    wrong.push(`${weights} weights, and ${planned} were planned`);
  }
  const tookMs = performance.now() - before;
  if (tookMs > 10_000) wrong.push(`it took ${tookMs} ms`);
  return wrong;
}

/** Fields that stand in the model as they stand in the file. */
function otherThanSaid(model: ModelConfig, fields: Json): string[] {
  const layers = model.blocks.reduce((sum, { count }) => sum + count, 0);
  const [first] = model.blocks;
  const attention = first?.block.attention;
  const dense = model.blocks.find(({ block }) => block.mlp.kind === 'mlp')?.block.mlp;
  const pairs: [name: string, told: unknown][] = [
    ['vocab_size', model.vocab],
    ['hidden_size', model.hidden],
    ['num_hidden_layers', layers],
    ['num_attention_heads', attention?.heads],
    ...(dense === undefined ? [] : [['intermediate_size', dense.intermediate] as [string, unknown]]),
    ...(attention?.kind === 'mla' ? [['kv_lora_rank', attention.kvLoraRank] as [string, unknown]] : []),
  ];
  return pairs.flatMap(([name, told]) => (fields[name] === told ? [] : [`${name} is ${told}`]));
}

/** Whole numbers from 1, and what must divide or fit into what. */
function impossible({
  vocab,
  hidden,
  blocks,
  maxPositions,
  weightBytes,
  normEpsilon,
}: ModelConfig): string[] {
  const sizes: number[] = [vocab, hidden, maxPositions];
  const holds: boolean[] = [weightBytes > 0, normEpsilon > 0, Number.isFinite(normEpsilon)];
  for (const { count, block } of blocks) {
    const { attention, mlp } = block;
    sizes.push(count, attention.heads, mlp.intermediate);
    if (attention.kind === 'attention') {
      sizes.push(attention.kvHeads, attention.headDim);
      holds.push(attention.heads % attention.kvHeads === 0, attention.headDim % 2 === 0);
    } else sizes.push(attention.kvLoraRank, attention.nopeDim, attention.ropeDim, attention.valueDim);
    if (mlp.kind === 'moe') {
      sizes.push(mlp.experts, mlp.topK, mlp.groups, mlp.topGroups);
      holds.push(mlp.experts % mlp.groups === 0, mlp.topGroups <= mlp.groups);
      holds.push(mlp.topK <= (mlp.experts / mlp.groups) * mlp.topGroups);
    }
  }
  const whole = sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 1e9);
  return whole && holds.every((hold) => hold) ? [] : [`impossible: ${sizes}, ${holds}`];
}

/** Of a model that is dense throughout, counted from the sizes alone; null of others. */
function parameters({ vocab, hidden: h, blocks, tiedEmbeddings, quantization }: ModelConfig): number | null {
  let sum = h + vocab * h * (tiedEmbeddings ? 1 : 2);
  for (const { count, block } of blocks) {
    const { attention, mlp } = block;
    if (attention.kind !== 'attention' || mlp.kind !== 'mlp' || quantization !== null) return null;
    const { heads, kvHeads, headDim, qkvBias, qkNorm } = attention;
    const columns = (heads + 2 * kvHeads) * headDim;
    const biases = (qkvBias ? columns : 0) + (mlp.bias ? 2 * mlp.intermediate + h : 0);
    const norms = 2 * h + (qkNorm ? 2 * headDim : 0);
    sum += count * (columns * h + heads * headDim * h + 3 * h * mlp.intermediate + biases + norms);
  }
  return sum;
}

it('takes none of 10,000 damaged config.json wrongly, and breaks on none', () => {
  const { faults, taken } = faultsOf(
    10_000,
    damage,
    wronglyTaken,
    (thrown) => thrown instanceof LabError && thrown.code === 'input' && thrown.message.length < 800,
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(500); // most damage to a name of a field that nobody reads does no harm
}, 60_000);
