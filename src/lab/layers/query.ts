/** The parameters of the Layers page in its link: only what differs from the default, in a fixed order. */

import { definitionsOf } from '../../program/layers.ts';
import { readQuery, textOf, valueFrom, writeQuery } from '../parameters.ts';
import {
  type ChoiceId,
  DEFAULT_PARAMS,
  DEFINITIONS,
  type LayerParams,
  presetLayer,
  presetsFor,
} from './params.ts';
import { withoutUnchanged } from './spec.ts';

/** What older links call a layer. */
const RENAMED: ReadonlyMap<string, ChoiceId> = new Map([
  ['pair', 'linear-pair'],
  ['loss', 'cross-entropy'],
]);
/** Before the path of a size: `s.attention.heads=8`. */
const SIZE = 's.';

export function toQuery(params: LayerParams): URLSearchParams {
  const query = writeQuery(DEFINITIONS, params, { ...DEFAULT_PARAMS, preset: defaultPreset(params.layer) });
  for (const [path, value] of Object.entries(params.sizes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    query.set(SIZE + path, textOf(value));
  }
  return query;
}

/** Reads {@link toQuery} back. What is missing has its default; what is wrong is left to problemWith. */
export function fromQuery(query: URLSearchParams): LayerParams {
  // A union that it is not is found by problemWith.
  const name = query.get('layer') ?? DEFAULT_PARAMS.layer;
  const layer = RENAMED.get(name) ?? (name as ChoiceId);
  const defaults = { ...DEFAULT_PARAMS, preset: defaultPreset(layer) };
  const params = { ...readQuery(DEFINITIONS, query, defaults), layer };
  const spec = presetLayer(layer, params.preset)?.scaled.spec;
  const definitions = new Map((spec === undefined ? [] : definitionsOf(spec)).map((one) => [one.path, one]));
  const sizes = [...query].flatMap(([key, text]) => {
    const path = key.slice(SIZE.length);
    return key.startsWith(SIZE) ? [[path, valueFrom(text, definitions.get(path))]] : [];
  });
  return withoutUnchanged({ ...params, sizes: Object.fromEntries(sizes) });
}

/** The first model that has the layer. */
function defaultPreset(layer: ChoiceId): string {
  const { preset } = DEFAULT_PARAMS;
  return presetLayer(layer, preset) === null ? (presetsFor(layer)[0]?.id ?? preset) : preset;
}
