import type { Tensor } from '../device/device.ts';
import type { LinearPairConfig } from '../math/plans/configs.ts';
import { ColumnParallelLinear } from './ColumnParallelLinear.ts';
import { checkSizes } from './checks.ts';
import type { ParallelContext } from './context.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';
import type { Weights } from './weights.ts';

/** y = (x·Aᵀ + a)·Bᵀ + b: a column split and a row split, with one allReduce for both. */
export class LinearPair {
  readonly #context: ParallelContext;
  readonly #a: ColumnParallelLinear;
  readonly #b: RowParallelLinear;

  constructor(context: ParallelContext, { hidden, intermediate, bias }: LinearPairConfig) {
    checkSizes('LinearPair', { hidden, intermediate });
    this.#context = context;
    this.#a = new ColumnParallelLinear(context, hidden, intermediate, { bias, gatherOutput: false });
    this.#b = new RowParallelLinear(context, intermediate, hidden, { bias });
  }

  load(weights: Weights): void {
    this.#a.loadFrom(weights, 'A');
    this.#b.loadFrom(weights, 'B');
  }

  /** x `[M, hidden]` → `[M, hidden]`, the same bits on every rank. */
  async forward(x: Tensor): Promise<Tensor> {
    const h = this.#a.multiply(x); // [M, intermediate/p]
    const y = await this.#b.forward(h); // [M, hidden]
    this.#context.device.free(h);
    return y;
  }

  free(): void {
    this.#a.free();
    this.#b.free();
  }
}
