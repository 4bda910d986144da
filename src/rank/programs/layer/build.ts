/** A layer by its spec, behind one face: tokens in, a tensor out. */

import type { Tensor } from '../../../device/device.ts';
import type { LayerSpec } from '../../../math/plans/layers.ts';
import { lengthOf, type Range } from '../../../math/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { LinearPair } from '../../../parallel/LinearPair.ts';
import { MultiHeadLatentAttention } from '../../../parallel/MultiHeadLatentAttention.ts';
import { ParallelAttention } from '../../../parallel/ParallelAttention.ts';
import { ParallelLMHead } from '../../../parallel/ParallelLMHead.ts';
import { ParallelMLP } from '../../../parallel/ParallelMLP.ts';
import { ParallelMoE } from '../../../parallel/ParallelMoE.ts';
import { TransformerBlock } from '../../../parallel/TransformerBlock.ts';
import { vocabParallelCrossEntropy } from '../../../parallel/VocabParallelCrossEntropy.ts';
import { VocabParallelEmbedding } from '../../../parallel/VocabParallelEmbedding.ts';
import type { Weights } from '../../../parallel/weights.ts';
import { ownTokens, seededIds, seededRows } from './numbers.ts';

export interface RunnableLayer {
  load(weights: Weights): void;
  /** Gets the input of these tokens ready, outside of what is timed. */
  prepare(tokens: Range): PreparedPass;
  /** Forgets the tokens from `length` on. */
  truncate(length: number): void;
  /** Tokens of the last pass that chose each expert; empty without experts. */
  routing(): readonly number[];
  free(): void;
}

export interface PreparedPass {
  /** The tensors that the layer is given, by their ids in the plan. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  run(): Promise<Tensor>;
}

/** @param positions the longest sequence */
export function buildLayer(
  context: ParallelContext,
  spec: LayerSpec,
  seed: number,
  positions: number,
): RunnableLayer {
  const { device, comm } = context;
  const still = { truncate: () => {}, routing: () => [] };
  const rows = (tokens: Range, width: number): Tensor =>
    device.tensor(seededRows(seed, tokens, width), [lengthOf(tokens), width]);
  const fromRows = (width: number, forward: (x: Tensor) => Promise<Tensor>) => (tokens: Range) => {
    const x = rows(tokens, width);
    return { inputs: { x }, run: () => forward(x) };
  };
  const ids = (name: 'ids' | 'targets', tokens: Range, vocab: number) => {
    const list = seededIds(seed, name, tokens, vocab);
    return { list, tensor: device.tensor(Float32Array.from(list), [list.length]) };
  };

  switch (spec.layer) {
    case 'linear-pair': {
      const layer = new LinearPair(context, spec.config);
      const prepare = fromRows(spec.config.hidden, (x) => layer.forward(x));
      return { ...still, load: (w) => layer.load(w), prepare, free: () => layer.free() };
    }
    case 'embedding': {
      const layer = new VocabParallelEmbedding(context, spec.config);
      const prepare = (tokens: Range): PreparedPass => {
        const { list, tensor } = ids('ids', tokens, spec.config.vocab);
        return { inputs: { ids: tensor }, run: () => layer.forward(list) };
      };
      return { ...still, load: (w) => layer.load(w), prepare, free: () => layer.free() };
    }
    case 'head': {
      const layer = new ParallelLMHead(context, spec.config);
      const prepare = fromRows(spec.config.hidden, (x) => layer.forward(x));
      return { ...still, load: (w) => layer.load(w), prepare, free: () => layer.free() };
    }
    case 'cross-entropy': {
      const { vocab, hidden } = spec.config;
      const head = new ParallelLMHead(context, spec.config);
      const prepare = (tokens: Range): PreparedPass => {
        const x = rows(tokens, hidden);
        const { list, tensor } = ids('targets', tokens, vocab);
        const run = async (): Promise<Tensor> => {
          const logits = head.multiply(x); // [T, vocab/p]
          const loss = await vocabParallelCrossEntropy(context, logits, list, head.share, vocab);
          device.free(logits);
          return loss;
        };
        return { inputs: { x, targets: tensor }, run };
      };
      return { ...still, load: (w) => head.load(w), prepare, free: () => head.free() };
    }
    case 'mlp': {
      const layer = new ParallelMLP(context, spec.config);
      const prepare = fromRows(spec.config.hidden, (x) => layer.forward(x));
      return { ...still, load: (w) => layer.load(w), prepare, free: () => layer.free() };
    }
    case 'attention':
    case 'mla': {
      const layer =
        spec.layer === 'attention'
          ? new ParallelAttention(context, spec.config, positions)
          : new MultiHeadLatentAttention(context, spec.config, positions);
      return {
        ...still,
        load: (w) => layer.load(w),
        prepare: fromRows(spec.config.hidden, (x) => layer.forward(x)),
        truncate: (length) => layer.cache.truncate(length),
        free: () => layer.free(),
      };
    }
    case 'moe': {
      const layer = new ParallelMoE(context, spec.config);
      const prepare = fromRows(spec.config.hidden, (x) => layer.forward(x));
      const routing = () => layer.routing;
      return { ...still, load: (w) => layer.load(w), prepare, routing, free: () => layer.free() };
    }
    case 'block': {
      const { config } = spec;
      const layer = new TransformerBlock(context, config, positions);
      const { mlp } = layer;
      return {
        load: (w) => layer.load(w),
        prepare(tokens) {
          const own = config.sequenceParallel ? ownTokens(tokens, comm.worldSize, comm.rank) : tokens;
          const x = rows(own, config.attention.hidden);
          return { inputs: { x }, run: () => layer.forward(x, lengthOf(tokens)) };
        },
        truncate: (length) => layer.attention.cache.truncate(length),
        routing: () => (mlp instanceof ParallelMoE ? mlp.routing : []),
        free: () => layer.free(),
      };
    }
    default:
      return spec satisfies never;
  }
}
