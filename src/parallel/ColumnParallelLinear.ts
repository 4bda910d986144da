import type { Tensor } from '../device/device.ts';
import { cutBlock } from '../math/matrix.ts';
import { lengthOf, type Range, shardRanges } from '../math/ranges.ts';
import { checkRanges, checkSizes } from './checks.ts';
import { allGatherColumns } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { checkLength, LinearShard } from './LinearShard.ts';
import { all, type Weights } from './weights.ts';

export interface ColumnParallelOptions {
  readonly bias?: boolean;
  /** The out-features of each rank, where they are not to be balanced: whole heads. To gather, they must be disjoint. */
  readonly ranges?: readonly Range[];
  /** Put the columns of all ranks together by an allGather, so that each rank holds the whole of y. Default true. */
  readonly gatherOutput?: boolean;
}

/**
 * y = x·Wᵀ + b with W `[out, in]` cut along `out`: each rank computes its own columns of y from the whole of x, so
 * that nothing has to be summed, and each element has exactly the bits of the unsplit product.
 */
export class ColumnParallelLinear {
  /** The out-features of this rank; empty where there are more ranks than features. */
  readonly range: Range;
  readonly #context: ParallelContext;
  readonly #in: number;
  readonly #out: number;
  readonly #gatherOutput: boolean;
  readonly #hasBias: boolean;
  readonly #ranges: readonly Range[];
  readonly #shard: LinearShard;

  /** @throws LabError `input` where a size is none */
  constructor(
    context: ParallelContext,
    inFeatures: number,
    outFeatures: number,
    options: ColumnParallelOptions = {},
  ) {
    const { rank, worldSize } = context.comm;
    checkSizes('ColumnParallelLinear', { inFeatures, outFeatures });
    this.#context = context;
    this.#in = inFeatures;
    this.#out = outFeatures;
    this.#gatherOutput = options.gatherOutput ?? true;
    this.#hasBias = options.bias ?? true;
    this.#ranges = options.ranges ?? shardRanges(outFeatures, worldSize);
    checkRanges('ColumnParallelLinear', this.#ranges, outFeatures, worldSize);
    this.range = this.#ranges[rank] ?? { start: 0, end: 0 };
    this.#shard = new LinearShard(context.device, lengthOf(this.range), inFeatures, this.#hasBias);
  }

  /** Cuts this rank's rows out of the full weight `[out, in]` and bias `[out]`. */
  load(weight: Float32Array, bias?: Float32Array): void {
    checkLength('ColumnParallelLinear weight', weight, [this.#out, this.#in]);
    if (bias !== undefined) checkLength('ColumnParallelLinear bias', bias, [this.#out]);
    const { start, end } = this.range;
    const cols = { start: 0, end: this.#in };
    this.loadShard(cutBlock(weight, this.#in, { rows: this.range, cols }), bias?.subarray(start, end));
  }

  /** Takes this rank's weight `[out/p, in]` and bias `[out/p]`, where the whole was never in one place. */
  loadShard(weight: Float32Array, bias?: Float32Array): void {
    this.#shard.load(weight, bias);
  }

  /** Takes this rank's rows of `name.weight`, and of `name.bias`. */
  loadFrom(weights: Weights, name: string): void {
    const weight = weights.matrix(`${name}.weight`, { rows: this.range, cols: all(this.#in) });
    this.loadShard(weight, this.#hasBias ? weights.vector(`${name}.bias`, this.range) : undefined);
  }

  /** The product alone: x `[M, in]` → `[M, out/p]`. */
  multiply(x: Tensor): Tensor {
    return this.#shard.apply(x, { withBias: true });
  }

  /** x `[M, in]` → `[M, out]` on every rank, or this rank's `[M, out/p]` without gatherOutput. */
  async forward(x: Tensor): Promise<Tensor> {
    const y = this.multiply(x); // [M, out/p]
    if (!this.#gatherOutput) return y;
    const whole = await this.gather(y); // [M, out]
    this.#context.device.free(y);
    return whole;
  }

  /** `[M, out/p]` on each rank → `[M, out]` on every rank. */
  gather(y: Tensor): Promise<Tensor> {
    return allGatherColumns(this.#context, y, this.#ranges.map(lengthOf));
  }

  free(): void {
    this.#shard.free();
  }
}
