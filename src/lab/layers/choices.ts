/** The layers and models there are to choose from, and what stands chosen at first. */

import { type ModelPreset, presets } from '../../models/presets.ts';
import type { BlockConfig } from '../../program/configs.ts';
import { LAYER_NAMES, type LayerName, type LayerSpec, labelOf, layersOf } from '../../program/layers.ts';
import { type ScaledLayer, scaleDown } from '../../program/scaleDown.ts';
import type { LayerParams } from './params.ts';

export const MAX_RANKS = 8;
export const MAX_TOKENS = 512;
export const MAX_PAST = 2048;

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
  const choice = LAYER_CHOICES.find((one) => one.id === id);
  const full = preset === undefined || choice === undefined ? null : specOf(preset, choice);
  const layer = full === null ? null : { full, scaled: scaleDown(full) };
  known.set(key, layer);
  return layer;
}

function specOf({ model }: ModelPreset, { layer, fixed }: Choice): LayerSpec | null {
  const spec = layersOf(model, layer);
  return spec === null ? null : ({ ...spec, config: { ...spec.config, ...fixed } } as LayerSpec);
}

/** The presets whose model has that layer; the first is its default. */
export function presetsFor(choice: ChoiceId): readonly ModelPreset[] {
  return presets.filter(({ id }) => presetLayer(choice, id) !== null);
}
