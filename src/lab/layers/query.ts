/** The parameters of the Layers page in its link: only what differs from the default, in a fixed order. */

import type { Definition } from '../../program/definition.ts';
import { definitionsOf } from '../../program/layers.ts';
import { numberFrom, textOf, truthFrom } from '../inputs.ts';
import { type ChoiceId, DEFAULT_PARAMS, presetLayer, presetsFor } from './choices.ts';
import type { FieldValue, LayerParams } from './params.ts';
import { withoutUnchanged } from './spec.ts';

const TEXTS = ['layer', 'preset', 'device'] as const;
const NUMBERS = ['ranks', 'tokens', 'past', 'seed'] as const;
/** What older links call a layer. */
const RENAMED: ReadonlyMap<string, ChoiceId> = new Map([
  ['pair', 'linear-pair'],
  ['loss', 'cross-entropy'],
]);
/** Before the path of a size: `s.attention.heads=8`. */
const SIZE = 's.';

/** The default model of a layer is the first that has it. */
export function toQuery(params: LayerParams): URLSearchParams {
  const query = new URLSearchParams();
  const defaults = { ...DEFAULT_PARAMS, preset: defaultPreset(params.layer) };
  for (const key of [...TEXTS, ...NUMBERS]) {
    if (params[key] !== defaults[key]) query.set(key, String(params[key]));
  }
  for (const [path, value] of Object.entries(params.sizes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    query.set(SIZE + path, textOf(value));
  }
  return query;
}

/** Reads {@link toQuery} back. What is missing has its default; what is wrong is left to problemWith. */
export function fromQuery(query: URLSearchParams): LayerParams {
  // A union that it is not is found by problemWith, as are numbers that are none.
  const name = query.get('layer') ?? DEFAULT_PARAMS.layer;
  const layer = (RENAMED.get(name) ?? name) as ChoiceId;
  const preset = query.get('preset') ?? defaultPreset(layer);
  const device = (query.get('device') ?? DEFAULT_PARAMS.device) as LayerParams['device'];
  const [ranks, tokens, past, seed] = NUMBERS.map((key) => {
    const text = query.get(key);
    return text === null ? DEFAULT_PARAMS[key] : numberFrom(text);
  }) as [number, number, number, number];
  const spec = presetLayer(layer, preset)?.scaled.spec;
  const definitions = new Map((spec === undefined ? [] : definitionsOf(spec)).map((one) => [one.path, one]));
  const sizes = [...query]
    .filter(([key]) => key.startsWith(SIZE))
    .map(([key, text]): [string, FieldValue] => {
      const path = key.slice(SIZE.length);
      return [path, valueFrom(text, definitions.get(path))];
    });
  const params = { layer, preset, ranks, tokens, past, device, seed, sizes: Object.fromEntries(sizes) };
  return withoutUnchanged(params);
}

function defaultPreset(layer: ChoiceId): string {
  const { preset } = DEFAULT_PARAMS;
  return presetLayer(layer, preset) === null ? (presetsFor(layer)[0]?.id ?? preset) : preset;
}

function valueFrom(text: string, definition: Definition | undefined): FieldValue {
  switch (definition?.kind) {
    case 'size':
      return numberFrom(text);
    case 'switch':
      return truthFrom(text);
    case 'choice':
      return definition.options.find(({ value }) => String(value) === text)?.value ?? text;
    default:
      return text;
  }
}
