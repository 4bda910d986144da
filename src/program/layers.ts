/** The program of every layer, by name. */

import type { LayerSpec } from '../math/plans/layers.ts';
import { attention } from './attention.ts';
import { block, tokensCut } from './block.ts';
import { mixtureOfExperts } from './experts.ts';
import { latentAttention } from './latentAttention.ts';
import { linearPair } from './linearPair.ts';
import { mlp } from './mlp.ts';
import { programBuilder } from './ProgramBuilder.ts';
import type { Program, Value } from './program.ts';
import { crossEntropy, embedding, languageModelHead } from './vocabulary.ts';

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
