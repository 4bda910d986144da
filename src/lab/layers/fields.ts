/** The sizes, switches and choices of a layer's configuration, for controls to offer and links to carry. */

import type { LayerSpec } from '../../program/layers.ts';
import { presetLayer } from './choices.ts';
import type { Definition } from './definition.ts';
import { definitionsOf } from './definitions.ts';
import type { FieldValue, LayerParams } from './params.ts';

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

export type Field = FieldBase &
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
export function fieldsOf(params: LayerParams): Field[] {
  const preset = presetLayer(params.layer, params.preset);
  if (preset === null) return [];
  const { spec } = preset.scaled;
  const present = withSizes(spec, params.sizes);
  return definitionsOf(spec)
    .filter(({ applies }) => applies === undefined || applies(present))
    .map((definition) => fieldOf(definition, spec, present));
}

function fieldOf(definition: Definition, original: LayerSpec, present: LayerSpec): Field {
  const { path, label, part, hint } = definition;
  const value = valueAt(present, path);
  const changed = value !== valueAt(original, path);
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
  let changed = spec;
  for (const { path } of definitionsOf(spec)) {
    const value = sizes[path];
    if (value !== undefined) changed = withValue(changed, path, value);
  }
  return changed;
}

/** The value at a path, as controls show it: RoPE is there or not, and no padding is padding to 1. */
export function valueAt(spec: LayerSpec, path: string): FieldValue {
  const [config, key] = holderOf(spec, path);
  const value: unknown = Reflect.get(config, key);
  if (key === 'rope') return value !== null;
  return (value ?? 1) as FieldValue;
}

/** Both halves of a block have its width, and the attention answers for both. */
function holderOf(spec: LayerSpec, path: string): readonly [config: object, key: string] {
  if (spec.layer !== 'block') return [spec.config, path];
  const { attention, mlp } = spec.config;
  const [part, key] = path.split('.');
  return key === undefined ? [attention, path] : [part === 'attention' ? attention : mlp, key];
}

function withValue(spec: LayerSpec, path: string, value: FieldValue): LayerSpec {
  const put = <T extends object>(config: T, key: string): T => {
    if (key !== 'rope') return { ...config, [key]: value };
    return value === false ? { ...config, rope: null } : config;
  };
  // The key is one of the configuration's own, as its definition was made for it; problemWith checks the value.
  if (spec.layer !== 'block') return { ...spec, config: put(spec.config, path) } as LayerSpec;
  const { attention, mlp } = spec.config;
  const [part, key] = path.split('.');
  if (key === undefined) {
    return { ...spec, config: { ...spec.config, attention: put(attention, path), mlp: put(mlp, path) } };
  }
  const changed = part === 'attention' ? { attention: put(attention, key) } : { mlp: put(mlp, key) };
  return { ...spec, config: { ...spec.config, ...changed } };
}
