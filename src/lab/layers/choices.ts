/** The layers and models there are to choose from, and what stands chosen at first. */

import { type ModelPreset, presets } from '../../math/plans/presets.ts';
import { type ScaledLayer, scaleDown } from '../../math/plans/scaleDown.ts';
import { type LayerName, type LayerSpec, layersOf } from '../../program/layers.ts';
import type { LayerChoice, LayerParams } from './params.ts';

export const MAX_RANKS = 8;
export const MAX_TOKENS = 512;
export const MAX_PAST = 2048;

export const LAYER_CHOICES: readonly { readonly id: LayerChoice; readonly label: string }[] = [
  { id: 'pair', label: 'Linear pair' },
  { id: 'embedding', label: 'Embedding' },
  { id: 'head', label: 'Language-model head' },
  { id: 'loss', label: 'Cross entropy' },
  { id: 'mlp', label: 'MLP' },
  { id: 'attention', label: 'Attention' },
  { id: 'moe', label: 'Mixture of experts' },
  { id: 'mla', label: 'Latent attention' },
  { id: 'block', label: 'Block' },
  { id: 'block-sp', label: 'Block, sequence parallel' },
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

const NAMES: Readonly<Record<LayerChoice, LayerName>> = {
  pair: 'linear-pair',
  embedding: 'embedding',
  head: 'head',
  loss: 'cross-entropy',
  mlp: 'mlp',
  attention: 'attention',
  moe: 'moe',
  mla: 'mla',
  block: 'block',
  'block-sp': 'block',
};

/** A preset's layer as published, and the small copy of it that runs. */
export interface PresetLayer {
  readonly full: LayerSpec;
  readonly scaled: ScaledLayer;
}

/** The same objects whenever they are asked for, as scaling down takes some milliseconds. */
const known = new Map<string, PresetLayer | null>();

/** Null where there is no such preset or layer, or the model has none of it: Llama has no experts. */
export function presetLayer(choice: LayerChoice, presetId: string): PresetLayer | null {
  const key = `${choice}/${presetId}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const preset = presets.find(({ id }) => id === presetId);
  const full = preset === undefined || !Object.hasOwn(NAMES, choice) ? null : layerOf(preset, choice);
  const layer = full === null ? null : { full, scaled: scaleDown(full) };
  known.set(key, layer);
  return layer;
}

function layerOf({ model }: ModelPreset, choice: LayerChoice): LayerSpec | null {
  const spec = layersOf(model, NAMES[choice]);
  if (choice !== 'block-sp' || spec?.layer !== 'block') return spec;
  return { ...spec, config: { ...spec.config, sequenceParallel: true } };
}

/** The presets whose model has that layer; the first is its default. */
export function presetsFor(choice: LayerChoice): readonly ModelPreset[] {
  return presets.filter(({ id }) => presetLayer(choice, id) !== null);
}
