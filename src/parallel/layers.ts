/**
 * The layers as a library's user writes them: load(weights), forward(x), free(). Each is a thin face of its program, which
 * says what the ranks do. All give every rank the same bits, unless they say otherwise.
 */

import type { Tensor } from '../device/device.ts';
import type {
  AttentionConfig,
  BlockConfig,
  LinearPairConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  VocabConfig,
} from '../program/configs.ts';
import { type LayerSpec, layerProgram } from '../program/layers.ts';
import { type Routing, routingOf } from '../program/routing.ts';
import type { ParallelContext } from './context.ts';
import { ProgramLayer, rowsOf } from './ProgramLayer.ts';

/** A layer of any kind, whose inputs are those of its program: x, ids, targets. */
export class SpecLayer extends ProgramLayer {
  /**
   * @param positions the longest sequence, where the layer has a cache
   * @throws LabError `input` where a size is none, or sizes do not fit each other
   */
  constructor(context: ParallelContext, spec: LayerSpec, positions?: number) {
    const { worldSize } = context;
    const room = positions === undefined ? {} : { positions };
    super(context, (tokens) => layerProgram(spec, worldSize, { tokens, ...room }), positions);
    this.program(1); // refuses what is no layer, now and not at the first pass
  }

  /** How many tokens of the last pass chose each expert; empty without experts. */
  get routing(): Routing {
    return this.chosen.map(routingOf)[0] ?? [];
  }
}

/** One that is given rows x `[T, hidden]`. */
class RowsLayer extends SpecLayer {
  /** x `[T, hidden]` → `[T, hidden]`, a new tensor; the tokens follow those in the cache, where there is one. */
  forward(x: Tensor): Promise<Tensor> {
    return this.run({ x }, rowsOf(x));
  }
}

/** y = (x·Aᵀ + a)·Bᵀ + b: a column split and a row split, with one allReduce for both. */
export class LinearPair extends RowsLayer {
  constructor(context: ParallelContext, config: LinearPairConfig) {
    super(context, { layer: 'linear-pair', config });
  }
}

/**
 * y = down(silu(gate(x)) · up(x)), or down(gelu(up(x))): gate and up are column splits, down is a row split. The
 * activation works on a rank's own columns, and one allReduce is left.
 */
export class ParallelMLP extends RowsLayer {
  constructor(context: ParallelContext, config: MlpConfig) {
    super(context, { layer: 'mlp', config });
  }
}

/**
 * Causal attention with H query and KV key/value heads, of which each rank has whole groups: q, k and v are column splits
 * by heads, o is a row split. RoPE, the cache and the softmax stay on the rank, and one allReduce is left.
 */
export class ParallelAttention extends RowsLayer {
  /** @param positions the longest sequence, which the cache has room for */
  constructor(context: ParallelContext, config: AttentionConfig, positions: number) {
    super(context, { layer: 'attention', config }, positions);
  }
}

/**
 * DeepSeek-V3's attention: keys and values of all heads come from one latent vector of a token. The projections to the
 * latents and their norms are on every rank, those from the latents are column splits by heads, o is a row split.
 */
export class MultiHeadLatentAttention extends RowsLayer {
  /** @param positions the longest sequence, which the cache has room for */
  constructor(context: ParallelContext, config: MlaConfig, positions: number) {
    super(context, { layer: 'mla', config }, positions);
  }
}

/**
 * A mixture of experts: the gate chooses on every rank alike, a rank runs its own block of experts on the tokens that
 * chose them, and the sum over ranks adds up each token's experts. `routing` says afterwards who was chosen.
 */
export class ParallelMoE extends RowsLayer {
  constructor(context: ParallelContext, config: MoeConfig) {
    super(context, { layer: 'moe', config });
  }
}

/** x + attention(norm(x)), then x + mlp(norm(x)): two allReduces, or with sequence parallelism as many halves of them. */
export class TransformerBlock extends SpecLayer {
  /** @param positions the longest sequence, which the cache has room for */
  constructor(context: ParallelContext, config: BlockConfig, positions: number) {
    super(context, { layer: 'block', config }, positions);
  }

  /**
   * x → y of the same shape: `[T, hidden]` on every rank, or with sequence parallelism each rank's `[T/p, hidden]`.
   * @param tokens T, which a rank cannot tell from its own tokens; needed with sequence parallelism only
   */
  forward(x: Tensor, tokens = rowsOf(x)): Promise<Tensor> {
    return this.run({ x }, tokens);
  }
}

/** Rows of a table `[vocab, hidden]` that is cut along the vocabulary: exact, for only one rank has the row of an id. */
export class VocabParallelEmbedding extends SpecLayer {
  constructor(context: ParallelContext, config: VocabConfig) {
    super(context, { layer: 'embedding', config });
  }

  /**
   * ids → `[T, hidden]`.
   * @throws LabError `input` where an id is not in the vocabulary
   */
  forward(ids: readonly number[]): Promise<Tensor> {
    return this.run({ ids }, ids.length);
  }
}

/** logits = x·Eᵀ, cut along the vocabulary as the embedding is: x `[T, hidden]` → `[T, padded vocab]`, −∞ on padding. */
export class ParallelLMHead extends RowsLayer {
  constructor(context: ParallelContext, config: VocabConfig) {
    super(context, { layer: 'head', config });
  }
}

/**
 * −log softmax(x·Eᵀ)[target], with logits that stay cut along the vocabulary: three allReduces of a number a token in
 * place of an allGather of the vocabulary. As Megatron-LM's `vocab_parallel_cross_entropy`.
 */
export class VocabParallelCrossEntropy extends SpecLayer {
  constructor(context: ParallelContext, config: VocabConfig) {
    super(context, { layer: 'cross-entropy', config });
  }

  /**
   * x `[T, hidden]`, targets → `[T]`.
   * @throws LabError `input` where a target is not in the vocabulary
   */
  forward(x: Tensor, targets: readonly number[]): Promise<Tensor> {
    return this.run({ x, targets }, targets.length);
  }
}
