/** What a visitor chooses on the Layers page. */

import type { DeviceChoice } from '../../protocol.ts';
import type { ChoiceId } from './choices.ts';

export {
  type ChoiceId,
  DEFAULT_PARAMS,
  LAYER_CHOICES,
  MAX_PAST,
  MAX_RANKS,
  MAX_TOKENS,
  presetsFor,
} from './choices.ts';
export { type Field, fieldsOf } from './fields.ts';
export { problemWith } from './problem.ts';
export { fromQuery, toQuery } from './query.ts';
export { normalize, type Specs, specOf } from './spec.ts';

/** A size, a switch or a choice of a layer's configuration. */
export type FieldValue = string | number | boolean;

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
