/** Every layer by name, so that a page, a rank program and a benchmark can speak of "a layer" without knowing which. */

import type {
  AttentionConfig,
  BlockConfig,
  LinearPairConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  VocabConfig,
} from '../math/plans/configs.ts';
import { attention } from './attention.ts';
import { block, tokensCut } from './block.ts';
import { mixtureOfExperts } from './experts.ts';
import { latentAttention } from './latentAttention.ts';
import { linearPair } from './linearPair.ts';
import { mlp } from './mlp.ts';
import { programBuilder } from './ProgramBuilder.ts';
import type { Program, Value } from './program.ts';
import { crossEntropy, embedding, languageModelHead } from './vocabulary.ts';

export type LayerSpec =
  | { readonly layer: 'linear-pair'; readonly config: LinearPairConfig }
  | { readonly layer: 'embedding' | 'head' | 'cross-entropy'; readonly config: VocabConfig }
  | { readonly layer: 'mlp'; readonly config: MlpConfig }
  | { readonly layer: 'attention'; readonly config: AttentionConfig }
  | { readonly layer: 'mla'; readonly config: MlaConfig }
  | { readonly layer: 'moe'; readonly config: MoeConfig }
  | { readonly layer: 'block'; readonly config: BlockConfig };

export type LayerName = LayerSpec['layer'];

/** The mixture of experts inside of a layer, or null. */
export function moeOf(spec: LayerSpec): MoeConfig | null {
  if (spec.layer === 'moe') return spec.config;
  if (spec.layer === 'block' && spec.config.mlp.kind === 'moe') return spec.config.mlp;
  return null;
}

/** Whether the layer keeps tokens of earlier passes. */
export function hasCache(spec: LayerSpec): boolean {
  return spec.layer === 'attention' || spec.layer === 'mla' || spec.layer === 'block';
}

/** @param tokens new ones in a pass @param positions the longest sequence, which a cache has room for */
export function layerProgram(
  spec: LayerSpec,
  worldSize: number,
  { tokens, positions = tokens }: { readonly tokens: number; readonly positions?: number },
): Program {
  const b = programBuilder(worldSize, tokens);
  const x = (hidden: number): Value => b.input('x', [tokens, hidden]);
  switch (spec.layer) {
    case 'linear-pair':
      return b.finish(linearPair(b, x(spec.config.hidden), spec.config));
    case 'embedding':
      return b.finish(embedding(b, b.input('ids', [tokens]), spec.config));
    case 'head':
      return b.finish(languageModelHead(b, x(spec.config.hidden), spec.config));
    case 'cross-entropy': {
      const targets = b.input('targets', [tokens]);
      return b.finish(crossEntropy(b, x(spec.config.hidden), targets, spec.config));
    }
    case 'mlp':
      return b.finish(mlp(b, x(spec.config.hidden), spec.config));
    case 'attention':
      return b.finish(attention(b, x(spec.config.hidden), spec.config, positions));
    case 'mla':
      return b.finish(latentAttention(b, x(spec.config.hidden), spec.config, positions));
    case 'moe':
      return b.finish(mixtureOfExperts(b, x(spec.config.hidden), spec.config));
    case 'block': {
      const { attention: heads, sequenceParallel } = spec.config;
      const by = tokensCut(b, sequenceParallel);
      const input = b.input('x', [tokens, heads.hidden], by && { dim: 0, by });
      return b.finish(block(b, input, spec.config, positions));
    }
    default:
      return spec satisfies never;
  }
}
