/** A Hugging Face config.json as a model whose weights are counted. */

import { LabError } from '../../base/errors.ts';
import { cut as shortened } from '../../base/shown.ts';
import { Fields } from '../../models/hf/Fields.ts';
import { parseJson } from '../../models/hf/json.ts';
import { expertLayer } from './expertWeights.ts';
import { TRAITS, type Traits, traitsOf, typeOfArchitecture, whyNotCounted } from './families.ts';
import {
  anyCount,
  attentionShape,
  attentionWeights,
  matrix,
  mlpWeights,
  NAMES,
  norm,
  type Unstored,
  vector,
} from './layerWeights.ts';
import type { CountedModel, LayerRun, Weight } from './parts.ts';
import { readStorage, type Storage } from './stored.ts';

/** No model has a fifth of it; each layer is looked at. */
const MOST_LAYERS = 1000;
/** Where a file with images keeps its language model. */
const NESTED = ['text_config', 'llm_config', 'language_config', 'text_model_config'];
const DTYPE_BYTES: Readonly<Record<string, number>> = {
  float64: 8,
  float32: 4,
  bfloat16: 2,
  float16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
};

type Json = Readonly<Record<string, unknown>>;

/**
 * @param name what the model is called; where left out, the file's `_name_or_path` or its architecture
 * @throws LabError 'input' with one sentence: not JSON, a type without attention and MLP alone, a field that is missing or wrong
 */
export function countModel(text: string, name?: string): CountedModel {
  return countConfig(parseJson(text), name);
}

/** {@link countModel} of what JSON.parse made of the file. */
export function countConfig(json: unknown, name?: string): CountedModel {
  const top = Fields.of(json);
  const { fields, type, traits, architecture, nested } = familyOf(json as Json, top);
  const dtypeBytes = dtypeOf([fields, top]);
  const storage = readStorage([fields, top], dtypeBytes);
  const tied = fields.flag('tie_word_embeddings', top.flag('tie_word_embeddings', traits.tied));
  const path = (fields.text('_name_or_path') ?? top.text('_name_or_path'))?.split('/').at(-1);
  const hidden = anyCount(fields, NAMES.hidden);
  const vocab = anyCount(fields, NAMES.vocab);
  return {
    name: shortened(name ?? (path || architecture.replace(/For(CausalLM|ConditionalGeneration)$/, ''))),
    architecture,
    type,
    hidden,
    vocab,
    layers: readLayers(fields, type, traits, storage),
    outside: outsideOf(fields, traits, { hidden, vocab, tied }).map((weight) => ({
      ...weight,
      bytes: storage.bytesOf(weight, weight.module),
    })),
    tied,
    storesHead: !tied || traits.storesTiedHead,
    maxPositions: positionsOf(fields, type),
    dtypeBytes,
    quantization: storage.facts,
    notes: nested
      ? ['What reads images or sound is not counted: this is the language model inside of the file.']
      : [],
  };
}

interface Found {
  readonly fields: Fields;
  readonly type: string;
  readonly traits: Traits;
  readonly architecture: string;
  readonly nested: boolean;
}

function familyOf(json: Json, top: Fields): Found {
  const place = NESTED.find((field) => top.object(field) !== null);
  const inner = place === undefined ? null : (json[place] as Json);
  const flat = top.has('hidden_size') && top.has('num_hidden_layers');
  const base = inner === null ? json : flat ? { ...json, ...inner } : inner;
  const innerFields = place === undefined ? null : top.object(place);
  const architecture = firstOf(top) ?? (innerFields && firstOf(innerFields)) ?? null;
  const candidates = [innerFields, top].flatMap((fields) => {
    if (fields === null) return [];
    const [byType, named] = [fields.text('model_type'), firstOf(fields)];
    return [byType, named === null ? null : typeOfArchitecture(named)];
  });
  const types = candidates.filter((one): one is string => one !== null);
  const why = types.map(whyNotCounted).find((reason) => reason !== null);
  const type = types.find((one) => traitsOf(one) !== null);
  const traits = type === undefined ? null : traitsOf(type);
  if (why != null || type === undefined || traits === null)
    throw unknown(architecture ?? types[0] ?? null, why ?? null);
  // A library's defaults stand in only inside of another file: on its own, a file without a width is half a file.
  const missing = Object.entries(traits.defaults).filter(
    ([field]) => inner !== null || !REQUIRED.includes(field),
  );
  const fields = Fields.of({ ...Object.fromEntries(missing), ...dropNulls(base) });
  return {
    fields,
    type,
    traits,
    architecture: architecture ?? type,
    nested: inner !== null || top.object('vision_config') !== null,
  };
}

const REQUIRED = [
  'hidden_size',
  'intermediate_size',
  'num_hidden_layers',
  'num_attention_heads',
  'vocab_size',
];
/** null there says something of its own. */
const MEANT = ['q_lora_rank', 'sliding_window', 'n_routed_experts', 'n_shared_experts'];

function dropNulls(json: Json): Json {
  return Object.fromEntries(
    Object.entries(json).filter(([field, value]) => value !== null || MEANT.includes(field)),
  );
}

function firstOf(fields: Fields): string | null {
  return fields.list('architectures').find((entry) => typeof entry === 'string') ?? null;
}

function unknown(architecture: string | null, why: string | null): LabError {
  const known = `Known are ${[...TRAITS.keys()].join(', ')}.`;
  if (architecture === null)
    return new LabError('input', `config.json has neither architectures nor model_type. ${known}`);
  if (why !== null) {
    return new LabError(
      'input',
      `config.json: ${shortened(architecture)} is not counted, as ${why}. Models of attention and MLPs are.`,
    );
  }
  return new LabError(
    'input',
    `config.json: the architecture ${shortened(architecture)} is not known here. ${known}`,
  );
}

function dtypeOf(holders: readonly Fields[]): number {
  const dtype = holders
    .flatMap((fields) => [fields.text('torch_dtype'), fields.text('dtype')])
    .find((entry) => entry !== null);
  return (dtype != null && Object.hasOwn(DTYPE_BYTES, dtype) ? DTYPE_BYTES[dtype] : undefined) ?? 2;
}

function readLayers(fields: Fields, type: string, traits: Traits, storage: Storage): LayerRun[] {
  const count = anyCount(fields, NAMES.layers);
  if (count > MOST_LAYERS) throw fields.wrong('num_hidden_layers', `at most ${MOST_LAYERS}`);
  const attention = attentionShape(fields, type, traits);
  const own = [...attentionWeights(fields, traits, attention), ...layerNorms(fields, type, traits)];
  const parallel =
    type === 'gpt_neox'
      ? fields.flag('use_parallel_residual', true)
      : type === 'falcon'
        ? isParallelFalcon(fields)
        : traits.parallel;
  const runs = new Map<
    string,
    { at: number[]; weights: Unstored[]; experts: LayerRun['experts']; window: number | null }
  >();
  for (let layer = 0; layer < count; layer++) {
    const window = windowOf(fields, traits, layer, count);
    const experts = expertLayer(fields, type, traits, layer);
    const key = `${window} ${experts === null}`;
    const run = runs.get(key);
    if (run !== undefined) run.at.push(layer);
    else {
      const mlp = experts?.weights ?? mlpWeights(fields, traits, innerOf(fields, type));
      runs.set(key, {
        at: [layer],
        weights: [...own, ...mlp],
        window,
        experts: experts && { count: experts.count, topK: experts.topK },
      });
    }
  }
  return [...runs.values()].map(({ at, weights, experts, window }) => ({
    count: at.length,
    attention,
    experts,
    window,
    parallel,
    weights: weights.map((weight): Weight => {
      const bytes = at.reduce(
        (sum, layer) => sum + storage.bytesOf(weight, `model.layers.${layer}.${weight.module}`),
        0,
      );
      return { ...weight, bytes: bytes / at.length };
    }),
  }));
}

function isParallelFalcon(fields: Fields): boolean {
  return fields.flag('new_decoder_architecture', false) || fields.flag('parallel_attn', true);
}

function layerNorms(fields: Fields, type: string, traits: Traits): Unstored[] {
  const hidden = anyCount(fields, NAMES.hidden);
  const twice =
    type === 'falcon' &&
    (fields.flag('new_decoder_architecture', false) || !fields.flag('parallel_attn', true));
  return Array.from({ length: twice ? 2 : traits.norms }, (_, i) => norm(`norm_${i}`, hidden, traits)).flat();
}

/** Of a dense layer. */
function innerOf(fields: Fields, type: string): number {
  if (type.startsWith('llama4') && fields.has('intermediate_size_mlp'))
    return fields.count('intermediate_size_mlp');
  const fourfold = ['falcon', 'gptj', 'gpt2', 'gpt_bigcode'].includes(type)
    ? 4 * anyCount(fields, NAMES.hidden)
    : undefined;
  return anyCount(fields, NAMES.inner, fourfold);
}

function outsideOf(
  fields: Fields,
  traits: Traits,
  model: { hidden: number; vocab: number; tied: boolean },
): Unstored[] {
  const { hidden, vocab } = model;
  const table = (module: string, rows: number, cut: 'vocab' | 'copied'): Unstored => ({
    ...matrix(module, rows, hidden, cut),
    kind: 'table',
  });
  const rows = traits.learnedPositions;
  return [
    table('embed_tokens', vocab, 'vocab'),
    ...(rows === null ? [] : [table('embed_positions', anyCount(fields, NAMES.positions) + rows, 'copied')]),
    ...norm('norm', hidden, traits),
    matrix('lm_head', vocab, hidden, 'vocab'),
    ...(traits.headBias ? [vector('lm_head.bias', vocab, 'vocab')] : []),
  ];
}

function windowOf(fields: Fields, { window }: Traits, layer: number, layers: number): number | null {
  if (window === 'none') return null;
  const types = fields.list('layer_types');
  const slides = types.length > 0 ? types[layer] !== 'full_attention' : null;
  if (typeof window === 'object') {
    const every = fields.has('sliding_window_pattern')
      ? fields.count('sliding_window_pattern')
      : window.every;
    if (!(slides ?? (layer + 1) % every !== 0)) return null;
    return anyCount(
      fields,
      fields.has('attention_chunk_size') ? ['attention_chunk_size'] : ['sliding_window'],
      window.missing,
    );
  }
  if (window === 'switched') {
    if (!fields.flag('use_sliding_window', false)) return null;
    if (!(slides ?? layer >= fields.whole('max_window_layers', layers))) return null;
    return fields.count('sliding_window', 4096);
  }
  return fields.has('sliding_window') && slides !== false ? fields.count('sliding_window') : null;
}

/** YaRN and its like stretch what a model was trained for: where the file still says the old length, they multiply it. */
function positionsOf(fields: Fields, type: string): number {
  const positions = anyCount(fields, NAMES.positions, type === 'falcon' ? 2048 : undefined);
  const scaling = fields.object('rope_scaling') ?? fields.object('rope_parameters');
  const kind = scaling?.text('rope_type') ?? scaling?.text('type') ?? 'default';
  if (scaling === null || !['yarn', 'linear', 'dynamic'].includes(kind) || !scaling.has('factor'))
    return positions;
  const original = scaling.has('original_max_position_embeddings')
    ? scaling.count('original_max_position_embeddings')
    : positions;
  return positions > original ? positions : Math.round(positions * scaling.positive('factor'));
}
