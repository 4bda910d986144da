/** A tested layer by its spec, behind one face. */

import type { Device, Tensor } from '../../src/device/device.ts';
import { lengthOf, type Range, shardRange } from '../../src/math/ranges.ts';
import type { ParallelContext } from '../../src/parallel/context.ts';
import type { KVCache } from '../../src/parallel/KVCache.ts';
import { LayerNorm } from '../../src/parallel/LayerNorm.ts';
import { LinearPair } from '../../src/parallel/LinearPair.ts';
import { MultiHeadLatentAttention } from '../../src/parallel/MultiHeadLatentAttention.ts';
import { ParallelAttention } from '../../src/parallel/ParallelAttention.ts';
import { ParallelLMHead } from '../../src/parallel/ParallelLMHead.ts';
import { ParallelMLP } from '../../src/parallel/ParallelMLP.ts';
import { ParallelMoE } from '../../src/parallel/ParallelMoE.ts';
import { RMSNorm } from '../../src/parallel/RMSNorm.ts';
import { TransformerBlock } from '../../src/parallel/TransformerBlock.ts';
import { vocabParallelCrossEntropy } from '../../src/parallel/VocabParallelCrossEntropy.ts';
import { VocabParallelEmbedding } from '../../src/parallel/VocabParallelEmbedding.ts';
import type { Weights } from '../../src/parallel/weights.ts';
import type { LayerCase } from './layers.rank.ts';

export interface OpenLayer {
  load(weights: Weights): void;
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
      const load = (weights: Weights): void => layer.loadFrom(weights, 'norm');
      return { ...without, load, forward: onRows((rows) => layer.forward(rows)), free: () => layer.free() };
    }
    case 'embedding': {
      const layer = new VocabParallelEmbedding(context, spec.config);
      const forward = ({ start, end }: Range): Promise<Tensor> => layer.forward(ids.slice(start, end));
      return { ...without, load: (weights) => layer.load(weights), forward, free: () => layer.free() };
    }
    case 'cross-entropy': {
      const head = new ParallelLMHead(context, spec.config);
      const forward = (tokens: Range): Promise<Tensor> =>
        withRows(device, x, width, tokens, async (rows) => {
          const logits = head.multiply(rows); // [T, vocab/p]
          const targets = ids.slice(tokens.start, tokens.end);
          try {
            return await vocabParallelCrossEntropy(context, logits, targets, head.share, spec.config.vocab);
          } finally {
            device.free(logits);
          }
        });
      return { ...without, load: (weights) => head.load(weights), forward, free: () => head.free() };
    }
    case 'block': {
      const layer = new TransformerBlock(context, spec.config, positions);
      const { mlp, attention } = layer;
      const forward = (tokens: Range): Promise<Tensor> =>
        withRows(device, x, width, spec.config.sequenceParallel ? own(tokens, context) : tokens, (rows) =>
          layer.forward(rows, lengthOf(tokens)),
        );
      const routing = () => (mlp instanceof ParallelMoE ? mlp.routing : null);
      const free = () => layer.free();
      return { load: (weights) => layer.load(weights), forward, cache: attention.cache, routing, free };
    }
    case 'head': {
      const layer = new ParallelLMHead(context, spec.config);
      const load = (weights: Weights): void => layer.load(weights);
      return { ...without, load, forward: onRows((rows) => layer.forward(rows)), free: () => layer.free() };
    }
    default: {
      const layer = simple(context, spec, positions);
      return {
        load: (weights) => layer.load(weights),
        forward: onRows((rows) => layer.forward(rows)),
        cache: 'cache' in layer ? layer.cache : null,
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
function own(tokens: Range, { comm }: ParallelContext): Range {
  const { start, end } = shardRange(lengthOf(tokens), comm.worldSize, comm.rank);
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
