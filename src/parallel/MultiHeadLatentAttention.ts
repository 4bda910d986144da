import type { Tensor } from '../device/device.ts';
import type { MlaConfig } from '../math/plans/configs.ts';
import { headShares, widen } from '../math/plans/shares.ts';
import { lengthOf, type Range } from '../math/ranges.ts';
import { attentionScaling, ropeTable } from '../math/rope.ts';
import { ColumnParallelLinear } from './ColumnParallelLinear.ts';
import { checkDivides, checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { KVCache } from './KVCache.ts';
import { LinearShard } from './LinearShard.ts';
import { absorbedHeads, type LatentHeads, naiveHeads } from './latentHeads.ts';
import { RMSNorm } from './RMSNorm.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';
import { Stored } from './stored.ts';
import { all, type Weights } from './weights.ts';

/**
 * DeepSeek-V3's attention: keys and values of all heads come from one latent vector of a token. The projections to the
 * latents and their norms are on every rank, those from the latents are column splits by heads, o is a row split.
 */
export class MultiHeadLatentAttention {
  readonly heads: Range;
  readonly cache: KVCache;
  readonly #context: ParallelContext;
  readonly #config: MlaConfig;
  readonly #positions: number;
  readonly #qa: LinearShard | null;
  readonly #qaNorm: RMSNorm | null;
  readonly #kva: LinearShard;
  readonly #kvNorm: RMSNorm;
  readonly #qb: ColumnParallelLinear;
  readonly #heads: LatentHeads;
  readonly #o: RowParallelLinear;
  readonly #stored: Stored;

  /**
   * @param positions the longest sequence, which the cache has room for
   * @throws LabError `input` where a size is none
   */
  constructor(context: ParallelContext, config: MlaConfig, positions: number) {
    const { comm, device } = context;
    const { hidden, heads, qLoraRank, kvLoraRank, nopeDim, ropeDim, valueDim, normEpsilon } = config;
    checkSizes('MultiHeadLatentAttention', { hidden, heads, kvLoraRank, nopeDim, ropeDim, valueDim });
    checkSizes('MultiHeadLatentAttention', { qLoraRank, positions }, 0);
    checkDivides('MultiHeadLatentAttention', ['in a pair', 2], ['columns that turn', ropeDim]);
    const shares = headShares(heads, heads, comm.worldSize).map(({ query }) => query);
    const keyDim = nopeDim + ropeDim;
    this.#context = context;
    this.#config = config;
    this.#positions = positions;
    this.heads = shares[comm.rank] ?? { start: 0, end: 0 };
    this.#qa = qLoraRank > 0 ? new LinearShard(device, qLoraRank, hidden, false) : null;
    this.#qaNorm = qLoraRank > 0 ? new RMSNorm(device, qLoraRank, normEpsilon) : null;
    this.#kva = new LinearShard(device, kvLoraRank + ropeDim, hidden, false);
    this.#kvNorm = new RMSNorm(device, kvLoraRank, normEpsilon);
    this.#qb = new ColumnParallelLinear(context, qLoraRank > 0 ? qLoraRank : hidden, heads * keyDim, {
      bias: false,
      gatherOutput: false,
      ranges: shares.map((range) => widen(range, keyDim)),
    });
    const make = config.cache === 'naive' ? naiveHeads : absorbedHeads;
    this.#heads = make(device, config, lengthOf(this.heads));
    this.#o = new RowParallelLinear(context, heads * valueDim, hidden, {
      bias: false,
      ranges: shares.map((range) => widen(range, valueDim)),
    });
    this.#stored = new Stored(device, 'MultiHeadLatentAttention');
    this.cache = new KVCache(device, positions, this.#heads.cacheWidths);
  }

  load(weights: Weights): void {
    const { hidden, qLoraRank, kvLoraRank, nopeDim, ropeDim, valueDim, rope } = this.#config;
    const whole = (name: string, out: number): Float32Array =>
      weights.matrix(`${name}.weight`, { rows: all(out), cols: all(hidden) });
    if (this.#qa !== null) {
      this.#qa.load(whole('q_a_proj', qLoraRank));
      this.#qaNorm?.loadFrom(weights, 'q_a_layernorm');
    }
    this.#kva.load(whole('kv_a_proj_with_mqa', kvLoraRank + ropeDim));
    this.#kvNorm.loadFrom(weights, 'kv_a_layernorm');
    this.#qb.loadFrom(weights, this.#qa === null ? 'q_proj' : 'q_b_proj');
    const rows = widen(this.heads, nopeDim + valueDim);
    this.#heads.load(weights.matrix('kv_b_proj.weight', { rows, cols: all(kvLoraRank) }));
    this.#o.loadFrom(weights, 'o_proj');
    const positions = this.#positions;
    this.#stored.put('angles', ropeTable(rope, ropeDim, positions), [positions, ropeDim]);
  }

  /**
   * x `[T, hidden]`, the tokens after those in the cache → this rank's term of the sum `[T, hidden]`.
   * @throws LabError `input` where the cache has no room for them
   */
  partial(x: Tensor): Tensor {
    const { device } = this.#context;
    const { kvLoraRank, nopeDim, ropeDim, rope } = this.#config;
    const keyDim = nopeDim + ropeDim;
    this.cache.checkRoom(x.shape[0] ?? 0);
    const start = this.cache.length;
    const made: Tensor[] = [];
    const keep = (tensor: Tensor): Tensor => {
      made.push(tensor);
      return tensor;
    };

    const qa = this.#qa === null ? x : keep(this.#qa.apply(x, { withBias: false })); // [T, qLoraRank]
    const kva = keep(this.#kva.apply(x, { withBias: false })); // [T, kvLoraRank + rope]
    const latentQ = this.#qaNorm === null ? x : keep(this.#qaNorm.forward(qa));
    const latent = keep(this.#kvNorm.forward(keep(device.columns(kva, 0, kvLoraRank)))); // [T, kvLoraRank]
    const kr = keep(device.columns(kva, kvLoraRank, kvLoraRank + ropeDim)); // [T, rope]
    const q = keep(this.#qb.multiply(latentQ)); // [T, H/p·(nope + rope)]

    const angles = this.#stored.get('angles');
    const turn = { start, layout: 'interleaved' } as const;
    const turnedQ = keep(device.rope(q, angles, { ...turn, headDim: keyDim, offset: nopeDim }));
    const turnedKr = keep(device.rope(kr, angles, { ...turn, headDim: ropeDim }));
    const scale = attentionScaling(rope) / Math.sqrt(keyDim);
    const out = keep(this.#heads.attend(turnedQ, latent, turnedKr, this.cache, scale)); // [T, H/p·value]
    const partial = this.#o.multiply(out); // [T, hidden]
    device.free(...made);
    return partial;
  }

  /** x `[T, hidden]` → `[T, hidden]`, the same bits on every rank. */
  async forward(x: Tensor): Promise<Tensor> {
    const y = this.partial(x);
    await allReduce(this.#context, y);
    return y;
  }

  free(): void {
    const parts = [
      this.#qa,
      this.#qaNorm,
      this.#kva,
      this.#kvNorm,
      this.#qb,
      this.#heads,
      this.#o,
      this.cache,
    ];
    for (const part of [...parts, this.#stored]) part?.free();
  }
}
