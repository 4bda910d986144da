/** From what was chosen to the layer that runs. */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import { definitionsOf, type LayerSpec } from '../../program/layers.ts';
import type { ScaledLayer } from '../../program/scaleDown.ts';
import { presetLayer, presetsFor } from './choices.ts';
import { valueAt, withSizes } from './fields.ts';
import type { LayerParams } from './params.ts';

export interface Specs {
  /** What runs: the scaled layer with what was changed by hand. */
  readonly spec: LayerSpec;
  /** The small copy of the preset's layer, before it was changed. */
  readonly scaled: ScaledLayer;
  /** The layer as published, with the switches and choices, but not the sizes, that were changed. To plan, not to run. */
  readonly full: LayerSpec;
}

/** @throws LabError 'input' where there is no such preset or layer, which problemWith tells in advance */
export function specOf({ layer, preset, sizes }: LayerParams): Specs {
  const found = presetLayer(layer, preset);
  if (found === null)
    throw new LabError('input', `The model ${quoted(preset)} has no layer ${quoted(layer)}.`);
  const { full, scaled } = found;
  const kinds = new Map(definitionsOf(full).map(({ path, kind }) => [path, kind]));
  const unsized = Object.fromEntries(Object.entries(sizes).filter(([path]) => kinds.get(path) !== 'size'));
  return { spec: withSizes(scaled.spec, sizes), scaled, full: withSizes(full, unsized) };
}

/** After a change of layer or model: a model that has the layer, and no field that it does not have. */
export function normalize(params: LayerParams): LayerParams {
  const has = presetLayer(params.layer, params.preset) !== null;
  const preset = has ? params.preset : (presetsFor(params.layer)[0]?.id ?? params.preset);
  const found = presetLayer(params.layer, preset);
  if (found === null) return params;
  const paths = new Set(definitionsOf(found.scaled.spec).map(({ path }) => path));
  const sizes = Object.fromEntries(Object.entries(params.sizes).filter(([path]) => paths.has(path)));
  return withoutUnchanged({ ...params, preset, sizes });
}

/** Without the values that the scaled preset has anyway. */
export function withoutUnchanged(params: LayerParams): LayerParams {
  const found = presetLayer(params.layer, params.preset);
  if (found === null) return params;
  const { spec } = found.scaled;
  const definitions = new Map(definitionsOf(spec).map((one) => [one.path, one]));
  const sizes = Object.entries(params.sizes).filter(([path, value]) => {
    const definition = definitions.get(path);
    return definition === undefined || valueAt(spec, definition) !== value;
  });
  return { ...params, sizes: Object.fromEntries(sizes) };
}
