/** A tested layer by its spec, behind one face. */

import type { Device, Tensor } from '../../src/device/device.ts';
import { lengthOf, type Range, shardRange } from '../../src/math/ranges.ts';
import type { ParallelContext } from '../../src/parallel/context.ts';
import type { KVCache } from '../../src/parallel/KVCache.ts';
import {
  LinearPair,
  MultiHeadLatentAttention,
  ParallelAttention,
  ParallelLMHead,
  ParallelMLP,
  ParallelMoE,
  TransformerBlock,
  VocabParallelCrossEntropy,
  VocabParallelEmbedding,
} from '../../src/parallel/layers.ts';
import { LayerNorm, RMSNorm } from '../../src/parallel/norms.ts';
import type { Weights } from '../../src/parallel/weights.ts';
import type { LayerCase } from './layers.rank.ts';

export interface OpenLayer {
  load(weights: Weights): Promise<void>;
  /** The output of a pass over these tokens of the case; with sequence parallelism its rows of this rank's tokens. */
  forward(tokens: Range): Promise<Tensor>;
  readonly cache: KVCache | null;
  /** Tokens of the last pass that chose each expert; null without experts. */
  routing(): readonly number[] | null;
  free(): void;
}

/** @param positions the longest sequence */
export function openLayer(
  context: ParallelContext,
  { spec, x, ids, passes }: LayerCase,
  positions: number,
): OpenLayer {
  const { device } = context;
  const given = passes.reduce((sum, count) => sum + count, 0);
  const width = x.length / given;
  const without = { cache: null, routing: () => null };
  const onRows =
    (forward: (x: Tensor) => Tensor | Promise<Tensor>) =>
    (tokens: Range): Promise<Tensor> =>
      withRows(device, x, width, tokens, forward);

  switch (spec.layer) {
    case 'rms-norm':
    case 'layer-norm': {
      const { width: over, epsilon } = spec.config;
      const layer =
        spec.layer === 'rms-norm' ? new RMSNorm(device, over, epsilon) : new LayerNorm(device, over, epsilon);
      const load = (weights: Weights): Promise<void> => layer.loadFrom(weights, 'norm');
      return { ...without, load, forward: onRows((rows) => layer.forward(rows)), free: () => layer.free() };
    }
    case 'embedding': {
      const layer = new VocabParallelEmbedding(context, spec.config);
      const forward = ({ start, end }: Range): Promise<Tensor> => layer.forward(ids.slice(start, end));
      return { ...without, load: (weights) => layer.load(weights), forward, free: () => layer.free() };
    }
    case 'cross-entropy': {
      const layer = new VocabParallelCrossEntropy(context, spec.config);
      const forward = (tokens: Range): Promise<Tensor> =>
        withRows(device, x, width, tokens, (rows) =>
          layer.forward(rows, ids.slice(tokens.start, tokens.end)),
        );
      return { ...without, load: (weights) => layer.load(weights), forward, free: () => layer.free() };
    }
    case 'block': {
      const layer = new TransformerBlock(context, spec.config, positions);
      const forward = (tokens: Range): Promise<Tensor> =>
        withRows(device, x, width, spec.config.sequenceParallel ? own(tokens, context) : tokens, (rows) =>
          layer.forward(rows, lengthOf(tokens)),
        );
      const routing = () => (spec.config.mlp.kind === 'moe' ? layer.routing : null);
      const free = () => layer.free();
      return { load: (weights) => layer.load(weights), forward, cache: layer.cache, routing, free };
    }
    case 'head': {
      const layer = new ParallelLMHead(context, spec.config);
      const load = (weights: Weights): Promise<void> => layer.load(weights);
      return { ...without, load, forward: onRows((rows) => layer.forward(rows)), free: () => layer.free() };
    }
    default: {
      const layer = simple(context, spec, positions);
      return {
        load: (weights) => layer.load(weights),
        forward: onRows((rows) => layer.forward(rows)),
        cache: layer.cache,
        routing: () => (layer instanceof ParallelMoE ? layer.routing : null),
        free: () => layer.free(),
      };
    }
  }
}

type Simple = Extract<LayerCase['spec'], { layer: 'linear-pair' | 'mlp' | 'attention' | 'mla' | 'moe' }>;

/** Layers that take rows and load by themselves. */
function simple(context: ParallelContext, spec: Simple, positions: number) {
  switch (spec.layer) {
    case 'linear-pair':
      return new LinearPair(context, spec.config);
    case 'mlp':
      return new ParallelMLP(context, spec.config);
    case 'attention':
      return new ParallelAttention(context, spec.config, positions);
    case 'mla':
      return new MultiHeadLatentAttention(context, spec.config, positions);
    case 'moe':
      return new ParallelMoE(context, spec.config);
    default:
      return spec satisfies never;
  }
}

/** This rank's share of the tokens of a pass. */
function own(tokens: Range, { worldSize, rank }: ParallelContext): Range {
  const { start, end } = shardRange(lengthOf(tokens), worldSize, rank);
  return { start: tokens.start + start, end: tokens.start + end };
}

async function withRows(
  device: Device,
  x: Float32Array,
  width: number,
  { start, end }: Range,
  forward: (x: Tensor) => Tensor | Promise<Tensor>,
): Promise<Tensor> {
  const rows = device.tensor(x.subarray(start * width, end * width), [end - start, width]);
  try {
    return await forward(rows);
  } finally {
    device.free(rows);
  }
}
