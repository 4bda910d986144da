/** A Hugging Face config.json, as people paste it, as a model that can be planned. */

import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import type { BlockConfig } from '../program/configs.ts';
import type { ModelConfig } from '../program/modelConfig.ts';
import { Fields } from './hf/Fields.ts';
import { FAMILIES, type Family, WITHOUT_PLAN } from './hf/families.ts';
import { parseJson } from './hf/json.ts';
import { readQuantization } from './hf/quantization.ts';

/** The `architectures` that {@link parseHfConfig} takes. */
export const knownArchitectures: readonly string[] = [...FAMILIES.keys()];

/** No model has a tenth of it; each layer is looked at. */
const MOST_LAYERS = 10_000;

const DTYPE_BYTES: ReadonlyMap<string | null, number> = new Map([
  ['float64', 8],
  ['float32', 4],
  ['bfloat16', 2],
  ['float16', 2],
  ['float8_e4m3fn', 1],
  ['float8_e5m2', 1],
]);

/**
 * Of a model with images or sound (`text_config`) its language model.
 *
 * @param name what the model is called; where left out, the file's `_name_or_path` or its architecture
 * @throws LabError 'input' with one sentence: not JSON, no architecture or one without a plan, a field that is missing,
 *   of the wrong type or at odds with another
 */
export function parseHfConfig(text: string, name?: string): ModelConfig {
  return readHfConfig(parseJson(text), name);
}

/** {@link parseHfConfig} of what JSON.parse made of the file. */
export function readHfConfig(json: unknown, name?: string): ModelConfig {
  const top = Fields.of(json);
  const inner = top.object('text_config');
  const own = architectureOf(top);
  const fields = inner !== null && !FAMILIES.has(own ?? '') ? inner : top;
  const architecture = architectureOf(fields) ?? own;
  const family = FAMILIES.get(architecture ?? '');
  if (architecture === null || family === undefined) throw unknownArchitecture(architecture);

  const quantization = readQuantization(fields) ?? readQuantization(top);
  const path = top.text('_name_or_path')?.split('/').at(-1);
  return {
    name: name ?? (path || architecture.replace('ForCausalLM', '')),
    architecture,
    vocab: fields.count('vocab_size'),
    hidden: fields.count('hidden_size'),
    blocks: readBlocks(fields, family),
    tiedEmbeddings: fields.flag('tie_word_embeddings', top.flag('tie_word_embeddings', false)),
    normEpsilon: fields.positive('rms_norm_eps', family.epsilon),
    maxPositions: readPositions(fields, family),
    weightBytes: quantization?.weightBytes ?? readWeightBytes(fields, top),
    quantization,
    indexer: family.indexer?.(fields) ?? null,
  };
}

/** The first of `architectures` that has a plan, else the first; or what `model_type` stands for; null without either. */
function architectureOf(fields: Fields): string | null {
  const named = fields.list('architectures').filter((entry) => typeof entry === 'string');
  const known = named.find((entry) => FAMILIES.has(entry));
  if (known !== undefined) return known;
  const type = fields.text('model_type');
  const [byType] = [...FAMILIES].find(([, family]) => family.modelType === type) ?? [];
  return named[0] ?? byType ?? type;
}

function unknownArchitecture(architecture: string | null): LabError {
  const known = `Known are ${knownArchitectures.join(', ')}.`;
  if (architecture === null) {
    return new LabError('input', `config.json has neither architectures nor model_type. ${known}`);
  }
  const why = WITHOUT_PLAN.get(architecture);
  const reason = why === undefined ? 'has no plan' : `has no plan: ${why}`;
  return new LabError('input', `config.json: the architecture ${cut(architecture)} ${reason}. ${known}`);
}

function readBlocks(fields: Fields, family: Family): ModelConfig['blocks'] {
  const layers = fields.count('num_hidden_layers');
  if (layers > MOST_LAYERS) throw fields.wrong('num_hidden_layers', `at most ${MOST_LAYERS}`);
  const every = family.attention(fields);
  const positions = readPositions(fields, family);
  const normEpsilon = fields.positive('rms_norm_eps', family.epsilon);
  const runs: { count: number; block: BlockConfig }[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const mlp = family.mlp(fields, layer);
    const attention = withWindow(every, family.window(fields, layer), positions);
    const run = runs.at(-1);
    if (run?.block.mlp.kind === mlp.kind && windowOf(run.block.attention) === windowOf(attention))
      run.count++;
    else runs.push({ count: 1, block: { attention, mlp, normEpsilon, sequenceParallel: false } });
  }
  return runs;
}

function readPositions(fields: Fields, family: Family): number {
  return fields.count('max_position_embeddings', family.positions);
}

/** Without one that never slides: it is longer than any text. */
function withWindow(
  attention: BlockConfig['attention'],
  window: number | null,
  positions: number,
): BlockConfig['attention'] {
  if (attention.kind !== 'attention' || window === null || window >= positions) return attention;
  return { ...attention, window };
}

function windowOf(attention: BlockConfig['attention']): number | undefined {
  return attention.kind === 'attention' ? attention.window : undefined;
}

/** Of weights that are not quantised. Where the file does not say: 2, as nearly everything is published. */
function readWeightBytes(fields: Fields, top: Fields): number {
  const dtype = [fields, top]
    .flatMap((holder) => [holder.text('torch_dtype'), holder.text('dtype')])
    .find((entry) => entry !== null);
  return DTYPE_BYTES.get(dtype ?? null) ?? 2;
}
