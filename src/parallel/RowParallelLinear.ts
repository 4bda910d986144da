import type { AllReduceOptions } from '../comm/communicator.ts';
import type { Tensor } from '../device/device.ts';
import { cutBlock } from '../math/matrix.ts';
import { lengthOf, type Range, shardRanges } from '../math/ranges.ts';
import { checkRanges, checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { checkLength, LinearShard } from './LinearShard.ts';
import { all, type Weights } from './weights.ts';

export interface RowParallelOptions {
  readonly bias?: boolean;
  /** The in-features of each rank, where they are not to be balanced: whole heads. */
  readonly ranges?: readonly Range[];
  /** x arrives as this rank's columns `[M, in/p]`, as a column split leaves them; else each rank takes its own. Default true. */
  readonly inputIsParallel?: boolean;
  /**
   * `every-rank` is the tutorial's bug, kept so that it can be shown: each rank adds the bias to its partial, and the
   * sum holds it worldSize times.
   */
  readonly addBias?: 'after-reduce' | 'every-rank';
  readonly reduce?: AllReduceOptions;
}

/**
 * y = x·Wᵀ + b with W `[out, in]` cut along `in`: each rank multiplies its columns of x by its columns of the stored
 * W, which gives a partial `[M, out]`, full size and unsummed. One allReduce sums them; the bias is added after it,
 * once.
 */
export class RowParallelLinear {
  /** The in-features of this rank; empty where there are more ranks than features. */
  readonly range: Range;
  readonly #context: ParallelContext;
  readonly #in: number;
  readonly #out: number;
  readonly #options: RowParallelOptions;
  readonly #shard: LinearShard;

  /** @throws LabError `input` where a size is none */
  constructor(
    context: ParallelContext,
    inFeatures: number,
    outFeatures: number,
    options: RowParallelOptions = {},
  ) {
    const { rank, worldSize } = context.comm;
    checkSizes('RowParallelLinear', { inFeatures, outFeatures });
    const ranges = options.ranges ?? shardRanges(inFeatures, worldSize);
    checkRanges('RowParallelLinear', ranges, inFeatures, worldSize);
    this.#context = context;
    this.#in = inFeatures;
    this.#out = outFeatures;
    this.#options = options;
    this.range = ranges[rank] ?? { start: 0, end: 0 };
    this.#shard = new LinearShard(context.device, outFeatures, lengthOf(this.range), options.bias ?? true);
  }

  /** Cuts this rank's columns out of the full weight `[out, in]`; the bias `[out]` is whole on every rank. */
  load(weight: Float32Array, bias?: Float32Array): void {
    checkLength('RowParallelLinear weight', weight, [this.#out, this.#in]);
    const rows = { start: 0, end: this.#out };
    this.loadShard(cutBlock(weight, this.#in, { rows, cols: this.range }), bias);
  }

  /** Takes this rank's weight `[out, in/p]` and the whole bias `[out]`. */
  loadShard(weight: Float32Array, bias?: Float32Array): void {
    this.#shard.load(weight, bias);
  }

  /** Takes this rank's columns of `name.weight`, and the whole of `name.bias`. */
  loadFrom(weights: Weights, name: string): void {
    const weight = weights.matrix(`${name}.weight`, { rows: all(this.#out), cols: this.range });
    const { bias = true } = this.#options;
    this.loadShard(weight, bias ? weights.vector(`${name}.bias`, all(this.#out)) : undefined);
  }

  /** The product alone: x `[M, in/p]`, or `[M, in]` without inputIsParallel → this rank's partial `[M, out]`. */
  multiply(x: Tensor): Tensor {
    const { device } = this.#context;
    const withBias = this.#options.addBias === 'every-rank';
    if (this.#options.inputIsParallel ?? true) return this.#shard.apply(x, { withBias });
    const own = device.columns(x, this.range.start, this.range.end); // [M, in/p]
    const partial = this.#shard.apply(own, { withBias }); // [M, out]
    device.free(own);
    return partial;
  }

  /** Sums the partials of all ranks into `partial`; `inspect` sees this rank's before that, and must copy it to keep it. */
  reduce(partial: Tensor, inspect?: (values: Float32Array) => void): Promise<void> {
    return allReduce(this.#context, partial, { ...this.#options.reduce, inspect });
  }

  /** The bias, once: the summed `[M, out]` → y `[M, out]`; `y` itself where there is none to add. */
  addBias(sum: Tensor): Tensor {
    if (this.#options.addBias === 'every-rank') return sum;
    return this.#shard.addBias(sum);
  }

  /** x → y `[M, out]`, the same bits on every rank. */
  async forward(x: Tensor): Promise<Tensor> {
    const sum = this.multiply(x); // [M, out], a partial
    await this.reduce(sum); // [M, out], the sum
    const y = this.addBias(sum); // [M, out]
    if (y !== sum) this.#context.device.free(sum);
    return y;
  }

  free(): void {
    this.#shard.free();
  }
}
