/** What a counted model is, in facts. */

import {
  activeParametersOf,
  type CountedModel,
  cacheElements,
  checkpointBytesOf,
  elementsOf,
  layerCount,
  parametersOf,
} from '#planner/model/parts.ts';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatCount } from '#ui/format.ts';
import { gigabytes } from '../words.ts';

export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** @param fileBytes what the files say themselves; null where nobody asked */
export function factsOf(model: CountedModel, fileBytes: number | null): Fact[] {
  const { hidden, vocab, tied, maxPositions, quantization, layers } = model;
  const parameters = parametersOf(model);
  const active = activeParametersOf(model);
  const mixture = layers.some(({ experts }) => experts !== null);
  const windows = [...new Set(layers.flatMap(({ window }) => (window === null ? [] : [window])))];
  return [
    { label: 'parameters', text: `${inBillions(parameters)} (${formatCount(parameters)})` },
    ...(mixture ? [{ label: 'that a token meets', text: inBillions(active) }] : []),
    { label: 'layers', text: layersIn(model) },
    ...indexerIn(model),
    { label: 'hidden width', text: formatCount(hidden) },
    { label: 'attention', text: attentionIn(model) },
    { label: 'vocabulary', text: `${formatCount(vocab)}${tied ? ', table shared with the head' : ''}` },
    { label: 'longest context', text: `${formatCount(maxPositions)} tokens` },
    ...(windows.length === 0
      ? []
      : [
          {
            label: 'sliding window',
            text: `${windows.map(formatCount).join(', ')} tokens, ${slidingIn(model)}`,
          },
        ]),
    {
      label: 'weights',
      text: `${gigabytes(checkpointBytesOf(model) / 1e9)}${quantization === null ? '' : `, ${quantization.method}${quantization.bits === null ? ' (not read here: counted wide)' : ` of ${quantization.bits} bits`}`}`,
    },
    ...(fileBytes === null ? [] : [{ label: 'its files', text: gigabytes(fileBytes / 1e9) }]),
    { label: 'a token of decoding', text: collectivesIn(model) },
    { label: 'cache a token', text: `${formatBytes(cacheOf(model))} in 16 bits` },
  ];
}

export interface WeightShare {
  readonly label: string;
  readonly bytes: number;
  readonly parameters: number;
}

/** Where the bytes are. */
export function sharesOf({ layers, outside, storesHead }: CountedModel): WeightShare[] {
  const parts = new Map<string, { bytes: number; parameters: number }>();
  const add = (label: string, bytes: number, parameters: number): void => {
    const before = parts.get(label) ?? { bytes: 0, parameters: 0 };
    parts.set(label, { bytes: before.bytes + bytes, parameters: before.parameters + parameters });
  };
  for (const { count, weights } of layers) {
    for (const weight of weights) {
      const label =
        weight.cut === 'experts'
          ? 'experts'
          : weight.module.startsWith('self_attn')
            ? 'attention'
            : 'MLP, norms';
      add(label, count * weight.bytes, count * elementsOf(weight));
    }
  }
  for (const weight of outside) {
    if (weight.module === 'lm_head' && !storesHead) continue;
    add('embedding and head', weight.bytes, elementsOf(weight));
  }
  return [...parts].map(([label, sizes]) => ({ label, ...sizes })).sort((a, b) => b.bytes - a.bytes);
}

/** 1.24 B: as models are named. */
export function inBillions(parameters: number): string {
  if (parameters < 1e6) return formatCount(parameters);
  const [scale, unit] = parameters < 1e9 ? [1e6, 'M'] : [1e9, 'B'];
  return `${Number((parameters / scale).toPrecision(3))} ${unit}`;
}

function layersIn(model: CountedModel): string {
  const all = layerCount(model);
  const mixed = model.layers.filter(({ experts }) => experts !== null);
  const [first] = mixed;
  if (first?.experts == null) return String(all);
  const sparse = mixed.reduce((sum, { count }) => sum + count, 0);
  const { count, topK } = first.experts;
  return `${all}, ${sparse === all ? 'each' : `${sparse} of them`} with ${counted(count, 'expert')}, ${topK} a token`;
}

function slidingIn(model: CountedModel): string {
  const sliding = model.layers.reduce((sum, { count, window }) => sum + (window === null ? 0 : count), 0);
  return sliding === layerCount(model) ? 'in every layer' : `in ${counted(sliding, 'layer')}`;
}

function attentionIn({ layers }: CountedModel): string {
  const attention = layers[0]?.attention;
  if (attention === undefined) return 'none';
  if (attention.kind === 'latent')
    return `${counted(attention.heads, 'head')}, latent: one vector of ${attention.latent} a token`;
  const { heads, kvHeads, headDim } = attention;
  const grouped = kvHeads === heads ? '' : `, ${counted(kvHeads, 'key/value head')}`;
  return `${counted(heads, 'head')}${grouped}, ${headDim} columns each`;
}

/** Bytes of 16 bits each. */
function cacheOf({ layers }: CountedModel): number {
  return layers.reduce((sum, { count, attention }) => sum + 2 * count * cacheElements(attention), 0);
}

/** "161 all-reduces of 16 KiB each and 1 all-gather of 251 KiB": in bfloat16, on any number of ranks above one. */
function collectivesIn({ layers, hidden, vocab }: CountedModel): string {
  // One for the embedding, and each layer's.
  const sums = 1 + layers.reduce((sum, { count, parallel }) => sum + count * (parallel ? 1 : 2), 0);
  return `${counted(sums, 'all-reduce')} of ${formatBytes(2 * hidden)} each and 1 all-gather of ${formatBytes(2 * vocab)}`;
}

/** DeepSeek-V3.2 scores the tokens of the cache with a few narrow heads, which every rank has whole. */
function indexerIn({ layers }: CountedModel): Fact[] {
  const scorers = layers[0]?.weights.find(({ module }) => module.endsWith('indexer.wq_b'));
  const key = layers[0]?.weights.find(({ module }) => module.endsWith('indexer.wk'));
  if (scorers === undefined || key === undefined) return [];
  const text = `${counted(scorers.out / key.out, 'head')} of ${key.out}, whole on every rank`;
  return [{ label: 'indexer', text }];
}
