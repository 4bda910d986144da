import type { Tensor } from '../device/device.ts';
import type { AttentionConfig } from '../math/plans/configs.ts';
import { type HeadShare, headShares, widen } from '../math/plans/shares.ts';
import { lengthOf } from '../math/ranges.ts';
import { attentionScaling, ropeTable } from '../math/rope.ts';
import { ColumnParallelLinear } from './ColumnParallelLinear.ts';
import { checkDivides, checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { KVCache } from './KVCache.ts';
import { RMSNorm } from './RMSNorm.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';
import { Stored } from './stored.ts';
import type { Weights } from './weights.ts';

/**
 * Causal attention with H query and KV key/value heads, of which each rank has whole groups (see headShare): q, k and v
 * are column splits by heads, o is a row split. RoPE, the cache and the softmax stay on the rank, and one allReduce is
 * left. A rank without heads contributes zeros.
 */
export class ParallelAttention {
  readonly share: HeadShare;
  readonly cache: KVCache;
  readonly #context: ParallelContext;
  readonly #config: AttentionConfig;
  readonly #projections: Readonly<Record<'q' | 'k' | 'v', ColumnParallelLinear>>;
  readonly #norms: Readonly<Record<'q' | 'k', RMSNorm>> | null;
  readonly #o: RowParallelLinear;
  readonly #stored: Stored;
  readonly #positions: number;

  /**
   * @param positions the longest sequence, which the cache has room for
   * @throws LabError `input` where a size is none, or the heads do not fit each other
   */
  constructor(context: ParallelContext, config: AttentionConfig, positions: number) {
    const { comm, device } = context;
    const { hidden, heads, kvHeads, headDim, qkvBias: bias, normEpsilon } = config;
    checkSizes('ParallelAttention', { hidden, heads, kvHeads, headDim });
    checkSizes('ParallelAttention', { positions }, 0);
    if (config.rope !== null)
      checkDivides('ParallelAttention', ['in a pair', 2], ['columns of a head', headDim]);
    const shares = headShares(heads, kvHeads, comm.worldSize);
    const queries = shares.map(({ query }) => widen(query, headDim));
    const keys = shares.map(({ kv }) => widen(kv, headDim));
    const column = (count: number, ranges: typeof queries): ColumnParallelLinear =>
      new ColumnParallelLinear(context, hidden, count * headDim, { bias, gatherOutput: false, ranges });

    this.#context = context;
    this.#config = config;
    this.#positions = positions;
    this.share = shares[comm.rank] ?? { query: { start: 0, end: 0 }, kv: { start: 0, end: 0 } };
    this.#projections = { q: column(heads, queries), k: column(kvHeads, keys), v: column(kvHeads, keys) };
    this.#norms = config.qkNorm
      ? { q: new RMSNorm(device, headDim, normEpsilon), k: new RMSNorm(device, headDim, normEpsilon) }
      : null;
    this.#o = new RowParallelLinear(context, heads * headDim, hidden, { bias: false, ranges: queries });
    this.#stored = new Stored(device, 'ParallelAttention');
    const width = lengthOf(this.share.kv) * headDim;
    this.cache = new KVCache(device, positions, [width, width]);
  }

  load(weights: Weights): void {
    for (const name of ['q', 'k', 'v'] as const) this.#projections[name].loadFrom(weights, `${name}_proj`);
    for (const name of ['q', 'k'] as const) this.#norms?.[name].loadFrom(weights, `${name}_norm`);
    this.#o.loadFrom(weights, 'o_proj');
    const { rope, headDim } = this.#config;
    if (rope !== null) {
      const positions = this.#positions;
      this.#stored.put('angles', ropeTable(rope, headDim, positions), [positions, headDim]);
    }
  }

  /**
   * x `[T, hidden]`, the tokens after those in the cache → this rank's term of the sum `[T, hidden]`.
   * @throws LabError `input` where the cache has no room for them
   */
  partial(x: Tensor): Tensor {
    const { device } = this.#context;
    const { headDim, rope } = this.#config;
    this.cache.checkRoom(x.shape[0] ?? 0);
    const start = this.cache.length;
    let q = this.#projections.q.multiply(x); // [T, H/p·d]
    let k = this.#projections.k.multiply(x); // [T, KV/p·d]
    const v = this.#projections.v.multiply(x);
    if (this.#norms !== null) {
      q = this.#replace(q, this.#norms.q.forward(q));
      k = this.#replace(k, this.#norms.k.forward(k));
    }
    if (rope !== null) {
      const options = { headDim, start, layout: 'half' } as const;
      const angles = this.#stored.get('angles');
      q = this.#replace(q, device.rope(q, angles, options));
      k = this.#replace(k, device.rope(k, angles, options));
    }
    const [keys, values] = this.cache.append(k, v) as [Tensor, Tensor]; // [S, KV/p·d]
    const out = device.attention(q, keys, values, {
      heads: lengthOf(this.share.query),
      kvHeads: lengthOf(this.share.kv),
      start,
      scale: (rope === null ? 1 : attentionScaling(rope)) / Math.sqrt(headDim),
      causal: true,
    }); // [T, H/p·d]
    const partial = this.#o.multiply(out); // [T, hidden]
    device.free(q, k, v, out);
    return partial;
  }

  /** x `[T, hidden]` → `[T, hidden]`, the same bits on every rank. */
  async forward(x: Tensor): Promise<Tensor> {
    const y = this.partial(x);
    await allReduce(this.#context, y);
    return y;
  }

  free(): void {
    for (const layer of Object.values(this.#projections)) layer.free();
    for (const norm of Object.values(this.#norms ?? {})) norm.free();
    this.#o.free();
    this.cache.free();
    this.#stored.free();
  }

  #replace(before: Tensor, after: Tensor): Tensor {
    this.#context.device.free(before);
    return after;
  }
}
