/** What a visitor chooses on the Layers page: the layers and models there are, and what stands chosen at first. */

import { type ModelPreset, presets } from '../../models/presets.ts';
import type { BlockConfig } from '../../program/configs.ts';
import { choice, type Definition, type FieldValue, size } from '../../program/definition.ts';
import { LAYER_NAMES, type LayerName, type LayerSpec, labelOf, layersOf } from '../../program/layers.ts';
import { type ScaledLayer, scaleDown } from '../../program/scaleDown.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { DEVICE, RANKS, SEED } from '../parameters.ts';

/** A layer, or one of which part of the configuration is fixed. */
interface Choice {
  readonly id: string;
  readonly label: string;
  readonly layer: LayerName;
  readonly fixed: object;
}

/** Sequence parallelism is no field of the block: its collectives are others, and so are the words for it. */
const VARIANTS = [
  {
    id: 'block-sp',
    label: 'Block, sequence parallel',
    layer: 'block',
    fixed: { sequenceParallel: true } satisfies Partial<BlockConfig>,
  },
] as const satisfies readonly Choice[];

/** The name of a layer, or of a variant of one. */
export type ChoiceId = LayerName | (typeof VARIANTS)[number]['id'];

/** Each layer, and its variants behind it. */
export const LAYER_CHOICES: readonly (Choice & { readonly id: ChoiceId })[] = LAYER_NAMES.flatMap((name) => [
  { id: name, label: labelOf(name), layer: name, fixed: {} },
  ...VARIANTS.filter(({ layer }) => layer === name),
]);

export interface LayerParams {
  readonly layer: ChoiceId;
  /** The id of a model preset, whose layer is scaled down to run. */
  readonly preset: string;
  readonly ranks: number;
  /** New tokens of the pass, after `past` that the cache holds. */
  readonly tokens: number;
  readonly past: number;
  readonly device: DeviceChoice;
  readonly seed: number;
  /** Sizes and switches of the layer that were changed by hand, by their path in its configuration: `attention.heads`. */
  readonly sizes: Readonly<Record<string, FieldValue>>;
}

export const TOKENS = size('tokens', 'Tokens', 512, { name: 'The number of tokens' });
export const PAST = size('past', 'Tokens in the cache', 2048, {
  name: 'The number of earlier tokens',
  min: 0,
});
/** Each with the values that it has, whatever is chosen beside it. */
export const CHOICES = [
  choice(
    'layer',
    'Layer',
    LAYER_CHOICES.map(({ id, label }) => ({ value: id, label })),
    { noun: 'layer' },
  ),
  choice(
    'preset',
    'Sizes from',
    presets.map(({ id, label }) => ({ value: id, label })),
    { noun: 'model here' },
  ),
];
/** In the order of a link. Those of `sizes` are the layer's own. */
export const DEFINITIONS: readonly Definition<Exclude<keyof LayerParams, 'sizes'>>[] = [
  ...CHOICES,
  DEVICE,
  RANKS,
  TOKENS,
  PAST,
  SEED,
];

export const DEFAULT_PARAMS: LayerParams = {
  layer: 'attention',
  preset: 'llama-3.2-1b',
  ranks: 4,
  tokens: 16,
  past: 0,
  device: 'auto',
  seed: 1,
  sizes: {},
};

/** A preset's layer as published, and the small copy of it that runs. */
export interface PresetLayer {
  readonly full: LayerSpec;
  readonly scaled: ScaledLayer;
}

/** The same objects whenever they are asked for, as scaling down takes some milliseconds. */
const known = new Map<string, PresetLayer | null>();

/** Null where there is no such preset or layer, or the model has none of it: Llama has no experts. */
export function presetLayer(id: ChoiceId, presetId: string): PresetLayer | null {
  const key = `${id}/${presetId}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const preset = presets.find((one) => one.id === presetId);
  const chosen = LAYER_CHOICES.find((one) => one.id === id);
  const full = preset === undefined || chosen === undefined ? null : layerIn(preset, chosen);
  const layer = full === null ? null : { full, scaled: scaleDown(full) };
  known.set(key, layer);
  return layer;
}

function layerIn({ model }: ModelPreset, { layer, fixed }: Choice): LayerSpec | null {
  const spec = layersOf(model, layer);
  return spec === null ? null : ({ ...spec, config: { ...spec.config, ...fixed } } as LayerSpec);
}

/** The presets whose model has that layer; the first is its default. */
export function presetsFor(choice: ChoiceId): readonly ModelPreset[] {
  return presets.filter(({ id }) => presetLayer(choice, id) !== null);
}
