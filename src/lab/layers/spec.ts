/** From what was chosen to the layer that runs, and to the sizes, switches and choices that controls offer for it. */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import type { Definition, FieldValue } from '../../program/definition.ts';
import { definitionsOf, type LayerSpec } from '../../program/layers.ts';
import type { ScaledLayer } from '../../program/scaleDown.ts';
import { type LayerParams, presetLayer, presetsFor } from './params.ts';

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

interface FieldBase {
  /** Key in `LayerParams.sizes`. */
  readonly path: string;
  readonly label: string;
  /** The half of a block that it belongs to. */
  readonly part: 'attention' | 'mlp' | null;
  /** Whether it is not what the scaled preset has. */
  readonly changed: boolean;
  readonly hint?: string;
}

export type LayerField = FieldBase &
  (
    | {
        readonly kind: 'size';
        readonly value: number;
        readonly min: number;
        readonly max: number;
        readonly step: number;
      }
    | { readonly kind: 'switch'; readonly value: boolean }
    | {
        readonly kind: 'choice';
        readonly value: string | number;
        readonly options: readonly { readonly value: string | number; readonly label: string }[];
      }
  );

/** What the controls offer for the layer; nothing where there is no such layer. */
export function fieldsOf(params: LayerParams): LayerField[] {
  const preset = presetLayer(params.layer, params.preset);
  if (preset === null) return [];
  const { spec } = preset.scaled;
  const present = withSizes(spec, params.sizes);
  return definitionsOf(spec)
    .filter((definition) => definition.applies?.(present.config) ?? true)
    .map((definition) => fieldOf(definition, spec, present));
}

function fieldOf(definition: Definition, original: LayerSpec, present: LayerSpec): LayerField {
  const { path, label, part, hint } = definition;
  const value = valueAt(present, definition);
  const changed = value !== valueAt(original, definition);
  const base = { path, label, part, changed, ...(hint !== undefined && { hint }) };
  switch (definition.kind) {
    case 'size': {
      const { kind, min, max, step = 1 } = definition;
      return { ...base, kind, value: Number(value), min, max, step };
    }
    case 'switch':
      return { ...base, kind: definition.kind, value: value === true };
    case 'choice': {
      const { kind, options } = definition;
      return { ...base, kind, value: typeof value === 'number' ? value : String(value), options };
    }
    default:
      return definition satisfies never;
  }
}

/** The layer with what was changed by hand. Paths that it does not have are left to problemWith. */
export function withSizes(spec: LayerSpec, sizes: LayerParams['sizes']): LayerSpec {
  let { config }: { config: object } = spec;
  for (const definition of definitionsOf(spec)) {
    const value = sizes[definition.path];
    if (value !== undefined) config = withValue(config, definition, value);
  }
  // Each key is one of the configuration's own, as its definition was made for it; problemWith checks the values.
  return { ...spec, config } as LayerSpec;
}

/** The value of a field, as controls show it. */
export function valueAt({ config }: LayerSpec, definition: Definition): FieldValue {
  const [path = definition.path] = placesOf(definition);
  const value: unknown = path.split('.').reduce((holder: object, key) => Reflect.get(holder, key), config);
  if (definition.kind === 'switch' && definition.nullable) return value !== null;
  if (definition.kind === 'choice') return (value ?? definition.absent) as FieldValue;
  return value as FieldValue;
}

function withValue(config: object, definition: Definition, value: FieldValue): object {
  const isNullable = definition.kind === 'switch' && definition.nullable;
  if (isNullable && value !== false) return config;
  return placesOf(definition).reduce(
    (changed, path) => withValueAt(changed, path.split('.'), isNullable ? null : value),
    config,
  );
}

function withValueAt(
  config: object,
  [key = '', ...deeper]: readonly string[],
  value: FieldValue | null,
): object {
  const inner = deeper.length === 0 ? value : withValueAt(Reflect.get(config, key), deeper, value);
  return { ...config, [key]: inner };
}

function placesOf({ path, at = [path] }: Definition): readonly string[] {
  return at;
}
