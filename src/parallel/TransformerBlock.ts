import { LabError } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import type { BlockConfig } from '../math/plans/configs.ts';
import { lengthOf, shardRanges } from '../math/ranges.ts';
import { allGatherRows, allReduce, reduceScatterRows } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { MultiHeadLatentAttention } from './MultiHeadLatentAttention.ts';
import { ParallelAttention } from './ParallelAttention.ts';
import { ParallelMLP } from './ParallelMLP.ts';
import { ParallelMoE } from './ParallelMoE.ts';
import { RMSNorm } from './RMSNorm.ts';
import { type Weights, within } from './weights.ts';

/**
 * x + attention(norm(x)), then x + mlp(norm(x)): two allReduces. With sequence parallelism x is each rank's own tokens:
 * norms and residuals work on those, an allGather stands before each product and a reduceScatter behind it.
 */
export class TransformerBlock {
  readonly attention: ParallelAttention | MultiHeadLatentAttention;
  readonly mlp: ParallelMLP | ParallelMoE;
  readonly #context: ParallelContext;
  readonly #sequenceParallel: boolean;
  readonly #norms: readonly [RMSNorm, RMSNorm];

  /**
   * @param positions the longest sequence, which the cache has room for
   * @throws LabError `input` where a size is none, or the parts do not fit each other
   */
  constructor(context: ParallelContext, config: BlockConfig, positions: number) {
    const { attention, mlp, normEpsilon, sequenceParallel } = config;
    if (attention.hidden !== mlp.hidden) {
      throw new LabError(
        'input',
        `TransformerBlock: attention is ${attention.hidden} wide and the MLP ${mlp.hidden}; both need the same hidden.`,
      );
    }
    const norm = (): RMSNorm => new RMSNorm(context.device, attention.hidden, normEpsilon);
    this.#context = context;
    this.#sequenceParallel = sequenceParallel;
    this.attention =
      attention.kind === 'attention'
        ? new ParallelAttention(context, attention, positions)
        : new MultiHeadLatentAttention(context, attention, positions);
    this.mlp = mlp.kind === 'mlp' ? new ParallelMLP(context, mlp) : new ParallelMoE(context, mlp);
    this.#norms = [norm(), norm()];
  }

  load(weights: Weights): void {
    this.#norms[0].loadFrom(weights, 'input_layernorm');
    this.attention.load(within(weights, 'self_attn'));
    this.#norms[1].loadFrom(weights, 'post_attention_layernorm');
    this.mlp.load(within(weights, 'mlp'));
  }

  /**
   * x → y of the same shape: `[T, hidden]` on every rank, or each rank's `[T/p, hidden]`.
   * @param tokens T, which a rank cannot tell from its own tokens; needed with sequence parallelism only
   * @throws LabError `input` where the cache has no room for them
   */
  async forward(x: Tensor, tokens = x.shape[0] ?? 0): Promise<Tensor> {
    const { device } = this.#context;
    this.attention.cache.checkRoom(tokens);
    const rows = shardRanges(tokens, this.#context.comm.worldSize).map(lengthOf);

    const h1 = await this.#normed(this.#norms[0], x, rows); // [T, hidden]
    const out = await this.#reduced(this.attention.partial(h1), rows);
    const middle = device.add(x, out);
    device.free(h1, out);

    const h2 = await this.#normed(this.#norms[1], middle, rows); // [T, hidden]
    const sum = await this.#mlp(h2, rows);
    const y = device.add(middle, sum);
    device.free(h2, sum, middle);
    return y;
  }

  free(): void {
    for (const part of [this.attention, this.mlp, ...this.#norms]) part.free();
  }

  /** norm(x) of all tokens. */
  async #normed(norm: RMSNorm, x: Tensor, rows: readonly number[]): Promise<Tensor> {
    const own = norm.forward(x);
    if (!this.#sequenceParallel) return own;
    const whole = await allGatherRows(this.#context, own, rows);
    this.#context.device.free(own);
    return whole;
  }

  /** The sum of a partial `[T, hidden]`: whole, or this rank's tokens of it. */
  async #reduced(partial: Tensor, rows: readonly number[]): Promise<Tensor> {
    if (!this.#sequenceParallel) {
      await allReduce(this.#context, partial);
      return partial;
    }
    const own = await reduceScatterRows(this.#context, partial, rows);
    this.#context.device.free(partial);
    return own;
  }

  async #mlp(h: Tensor, rows: readonly number[]): Promise<Tensor> {
    const { mlp } = this;
    if (mlp instanceof ParallelMoE) {
      // Reduced in two parts it is whole on every rank, which sequence parallelism does not want.
      return this.#sequenceParallel ? this.#reduced(await mlp.partial(h), rows) : mlp.forward(h);
    }
    const sum = await this.#reduced(mlp.partial(h), rows);
    const y = mlp.addBias(sum);
    if (y !== sum) this.#context.device.free(sum);
    return y;
  }
}
