import { LabError } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import type { MoeConfig } from '../math/plans/configs.ts';
import { sharedExperts } from '../math/plans/moe.ts';
import { type Range, shardRange } from '../math/ranges.ts';
import { checkDivides, checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { ParallelMLP } from './ParallelMLP.ts';
import { Stored } from './stored.ts';
import { all, type Weights, within } from './weights.ts';

/**
 * A mixture of experts. The gate is on every rank and chooses for every token alike; a rank runs its own contiguous block
 * of experts on the tokens that chose them, and the sum over ranks adds up each token's experts. The shared experts are an
 * MLP of their own, cut as any other.
 */
export class ParallelMoE {
  readonly experts: Range;
  readonly #context: ParallelContext;
  readonly #config: MoeConfig;
  readonly #shared: ParallelMLP | null;
  readonly #stored: Stored;
  #routing: readonly number[] = [];

  /** @throws LabError `input` where a size is none, or so many experts cannot be chosen */
  constructor(context: ParallelContext, config: MoeConfig) {
    const { comm, device } = context;
    checkConfig(config);
    this.#context = context;
    this.#config = config;
    this.experts = shardRange(config.experts, comm.worldSize, comm.rank);
    this.#shared = config.sharedExperts > 0 ? new ParallelMLP(context, sharedExperts(config)) : null;
    this.#stored = new Stored(device, 'ParallelMoE');
  }

  /** How many tokens of the last pass chose each expert. */
  get routing(): readonly number[] {
    return this.#routing;
  }

  load(weights: Weights): void {
    const { hidden, intermediate, experts, gateBias } = this.#config;
    const put = (name: string, key: string, out: number, into: number): void => {
      const data = weights.matrix(name, { rows: all(out), cols: all(into) });
      this.#stored.put(key, data, [out, into]);
    };
    put('gate.weight', 'gate', experts, hidden);
    if (gateBias) {
      this.#stored.put('bias', weights.vector('gate.e_score_correction_bias', all(experts)), [experts]);
    }
    for (let expert = this.experts.start; expert < this.experts.end; expert++) {
      const prefix = `experts.${expert}`;
      put(`${prefix}.gate_proj.weight`, `${expert}.gate`, intermediate, hidden);
      put(`${prefix}.up_proj.weight`, `${expert}.up`, intermediate, hidden);
      put(`${prefix}.down_proj.weight`, `${expert}.down`, hidden, intermediate);
    }
    this.#shared?.load(within(weights, 'shared_experts'));
  }

  /** x `[T, hidden]` → this rank's term of the sum, shared experts included. */
  async partial(x: Tensor): Promise<Tensor> {
    const routed = await this.#routed(x);
    if (this.#shared === null) return routed;
    const { device } = this.#context;
    const shared = this.#shared.partial(x);
    const sum = device.add(routed, shared);
    device.free(routed, shared);
    return sum;
  }

  /** x `[T, hidden]` → `[T, hidden]`, the same bits on every rank; one allReduce, or one for each part. */
  async forward(x: Tensor): Promise<Tensor> {
    if (this.#config.reduce === 'once' || this.#shared === null) {
      const y = await this.partial(x);
      await allReduce(this.#context, y);
      return y;
    }
    const routed = await this.#routed(x);
    const z = await this.#shared.forward(x);
    await allReduce(this.#context, routed);
    const { device } = this.#context;
    const y = device.add(routed, z);
    device.free(routed, z);
    return y;
  }

  free(): void {
    this.#shared?.free();
    this.#stored.free();
  }

  /** Σ over this rank's experts of weight · expert(x), for the tokens that chose them; zeros for the others. */
  async #routed(x: Tensor): Promise<Tensor> {
    const { device } = this.#context;
    const { topK, score, groups, topGroups, normalize, routeScale, experts, gateBias, hidden } = this.#config;
    const tokens = x.shape[0] ?? 0;
    const logits = device.linear(x, this.#stored.get('gate')); // [T, experts]
    const weights = device.gate(
      logits,
      { topK, score, groups, topGroups, normalize, routeScale },
      gateBias ? this.#stored.get('bias') : undefined,
    ); // [T, experts], 0 where not chosen
    const chosen = await device.read(weights); // the host has to know which products to make
    const sum = device.zeros([tokens, hidden]);
    this.#routing = Array.from({ length: experts }, (_, expert) => this.#tokensOf(expert, chosen).length);
    for (let expert = this.experts.start; expert < this.experts.end; expert++) {
      const own = this.#tokensOf(expert, chosen);
      if (own.length > 0) {
        const shares = own.map((token) => chosen[token * experts + expert] as number);
        this.#runExpert(expert, x, sum, own, shares);
      }
    }
    device.free(logits, weights);
    return sum;
  }

  #tokensOf(expert: number, chosen: Float32Array): number[] {
    const { experts } = this.#config;
    const tokens: number[] = [];
    for (let token = 0; token * experts < chosen.length; token++) {
      if (chosen[token * experts + expert] !== 0) tokens.push(token);
    }
    return tokens;
  }

  /** sum[tokens] += shares · expert(x[tokens]). */
  #runExpert(
    expert: number,
    x: Tensor,
    sum: Tensor,
    tokens: readonly number[],
    shares: readonly number[],
  ): void {
    const { device } = this.#context;
    const weight = (name: string): Tensor => this.#stored.get(`${expert}.${name}`);
    const indices = device.tensor(Float32Array.from(tokens), [tokens.length]);
    const own = device.rows(x, indices); // [n, hidden]
    const gate = device.linear(own, weight('gate')); // [n, intermediate]
    const up = device.linear(own, weight('up'));
    const h = device.siluMul(gate, up);
    const y = device.linear(h, weight('down')); // [n, hidden]
    const scales = device.tensor(Float32Array.from(shares), [tokens.length]);
    device.addRows(sum, y, indices, scales);
    device.free(indices, own, gate, up, h, y, scales);
  }
}

function checkConfig(config: MoeConfig): void {
  const {
    hidden,
    intermediate,
    experts,
    topK,
    groups,
    topGroups,
    sharedExperts: shared,
    routeScale,
  } = config;
  checkSizes('ParallelMoE', { hidden, intermediate, experts, topK, groups, topGroups });
  checkSizes('ParallelMoE', { sharedExperts: shared }, 0);
  checkDivides('ParallelMoE', ['groups', groups], ['experts', experts]);
  if (topGroups > groups || topK > (topGroups * experts) / groups) {
    throw new LabError(
      'input',
      `ParallelMoE: the best ${topK} experts of the best ${topGroups} of ${groups} groups cannot be chosen; a group ` +
        `has ${experts / groups}.`,
    );
  }
  if (!Number.isFinite(routeScale)) {
    throw new LabError('input', `ParallelMoE: routeScale is ${routeScale}; it needs to be a finite number.`);
  }
}
