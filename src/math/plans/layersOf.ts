/** The layers that a model is made of, one at a time. */

import type { LayerName, LayerSpec } from '../../program/layers.ts';
import { kindsOfBlock, type ModelConfig } from './modelConfig.ts';

/**
 * The model's layer of that name, or null where it has none: Llama has no experts. A linear pair is taken from any MLP,
 * as its outer two products. Of several kinds of block it is the one that the model has most of.
 */
export function layersOf(model: ModelConfig, name: LayerName): LayerSpec | null {
  const { vocab, hidden } = model;
  const blocks = kindsOfBlock(model).sort((a, b) => b.count - a.count);
  const [most] = blocks;
  const attention = most?.block.attention;
  const kinds = blocks.map(({ block }) => block.mlp);
  const mlp = kinds.find((kind) => kind.kind === 'mlp');
  const moe = kinds.find((kind) => kind.kind === 'moe');
  switch (name) {
    case 'embedding':
    case 'head':
    case 'cross-entropy':
      return { layer: name, config: { vocab, hidden } };
    case 'linear-pair': {
      const wide = mlp ?? moe;
      if (wide === undefined) return null;
      return { layer: name, config: { hidden, intermediate: wide.intermediate, bias: false } };
    }
    case 'mlp':
      return mlp === undefined ? null : { layer: name, config: mlp };
    case 'moe':
      return moe === undefined ? null : { layer: name, config: moe };
    case 'attention':
      return attention?.kind === 'attention' ? { layer: name, config: attention } : null;
    case 'mla':
      return attention?.kind === 'mla' ? { layer: name, config: attention } : null;
    case 'block':
      return most === undefined ? null : { layer: name, config: most.block };
    default:
      return name satisfies never;
  }
}
