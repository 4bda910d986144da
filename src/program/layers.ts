/** Every layer by name, so that a page, a rank program and a benchmark can speak of "a layer" without knowing which. */

import { LabError } from '../base/errors.ts';
import { attentionLayer } from './attention.ts';
import { blockLayer } from './block.ts';
import type { MoeConfig } from './configs.ts';
import type { Definition } from './definition.ts';
import { mixtureOfExpertsLayer } from './experts.ts';
import { latentAttentionLayer } from './latentAttention.ts';
import type { Halves, Layer } from './layer.ts';
import { linearPairLayer } from './linearPair.ts';
import { mlpLayer } from './mlp.ts';
import type { ModelConfig } from './modelConfig.ts';
import { programBuilder } from './ProgramBuilder.ts';
import { parallelBlockLayer } from './parallelBlock.ts';
import type { Program } from './program.ts';
import type { ScaleLimits } from './shrink.ts';
import { crossEntropyLayer, embeddingLayer, headLayer } from './vocabulary.ts';

/** In the order in which a page lists them. */
const LAYERS = [
  linearPairLayer,
  embeddingLayer,
  headLayer,
  crossEntropyLayer,
  mlpLayer,
  attentionLayer,
  mixtureOfExpertsLayer,
  latentAttentionLayer,
  blockLayer,
  parallelBlockLayer,
] as const;

type SpecOf<One> =
  One extends Layer<infer Name, infer Config> ? { readonly layer: Name; readonly config: Config } : never;

/** A layer of a given size. */
export type LayerSpec = SpecOf<(typeof LAYERS)[number]>;
export type LayerName = LayerSpec['layer'];
export type ConfigOf<Name extends LayerName> = Extract<LayerSpec, { layer: Name }>['config'];

export const LAYER_NAMES: readonly LayerName[] = LAYERS.map(({ name }) => name);

const byName: ReadonlyMap<string, Layer<LayerName, LayerSpec['config']>> = new Map(
  LAYERS.map((layer) => [layer.name, layer]),
);

/** @throws LabError `input` where there is no such layer */
function layerOf(name: LayerName): Layer<LayerName, LayerSpec['config']> {
  const layer = byName.get(name);
  if (layer !== undefined) return layer;
  throw new LabError('input', `There is no layer '${name}'. There are ${LAYER_NAMES.join(', ')}.`);
}

/** "Cross entropy" */
export function labelOf(name: LayerName): string {
  return layerOf(name).label;
}

/** The model's layer of that name, or null where it has none: Llama has no experts. */
export function layersOf<Name extends LayerName>(
  model: ModelConfig,
  name: Name,
): Extract<LayerSpec, { layer: Name }> | null {
  const config = layerOf(name).configOf(model);
  // A layer of that name has a configuration of its own kind.
  return config === null ? null : ({ layer: name, config } as Extract<LayerSpec, { layer: Name }>);
}

/** A smaller copy: widths by the divisor, counts within the limits. */
export function shrunk(spec: LayerSpec, divisor: number, limits: ScaleLimits): LayerSpec {
  return { ...spec, config: layerOf(spec.layer).shrink(spec.config, divisor, limits) } as LayerSpec;
}

/** What a visitor may change of it, in the order in which controls show it. */
export function definitionsOf({ layer, config }: LayerSpec): readonly Definition[] {
  return layerOf(layer).fields(config);
}

/** Whether the layer keeps tokens of earlier passes. */
export function hasCache({ layer }: { readonly layer: LayerName }): boolean {
  return layerOf(layer).caches;
}

/** The attention and the MLP that a layer is, or is made of; null where it has none. */
export function halvesOf({ layer, config }: LayerSpec): Halves {
  return { attention: null, mlp: null, ...layerOf(layer).halves?.(config) };
}

/** The mixture of experts inside of a layer, or null. */
export function moeOf(spec: LayerSpec): MoeConfig | null {
  const { mlp } = halvesOf(spec);
  return mlp?.kind === 'moe' ? mlp : null;
}

/** The width of a token. */
export function hiddenOf({ config }: LayerSpec): number {
  return 'hidden' in config ? config.hidden : config.attention.hidden;
}

/** Entries of the vocabulary; 0 where the layer knows none. */
export function vocabOf({ config }: LayerSpec): number {
  return 'vocab' in config ? config.vocab : 0;
}

/** Whether each rank is given, and gives, its own tokens alone. */
export function isSequenceParallel({ config }: LayerSpec): boolean {
  return 'sequenceParallel' in config && config.sequenceParallel;
}

/** @param tokens new ones in a pass @param positions the longest sequence, which a cache has room for */
export function layerProgram(
  { layer, config }: LayerSpec,
  worldSize: number,
  { tokens, positions = tokens }: { readonly tokens: number; readonly positions?: number },
): Program {
  const b = programBuilder(worldSize, tokens);
  return b.finish(layerOf(layer).write(b, config, positions));
}
