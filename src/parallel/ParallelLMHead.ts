import type { Tensor } from '../device/device.ts';
import type { VocabConfig } from '../math/plans/configs.ts';
import { type VocabShare, vocabShares } from '../math/plans/shares.ts';
import { lengthOf } from '../math/ranges.ts';
import { checkSizes } from './checks.ts';
import { allGatherColumns } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { Stored } from './stored.ts';
import { vocabRows } from './VocabParallelEmbedding.ts';
import type { Weights } from './weights.ts';

/** In a kernel −∞ has to be a number: WGSL may assume that there are no infinities. */
const LOWEST = -3.4028234663852886e38;

/**
 * logits = x·Eᵀ with E `[vocab, hidden]` cut along the vocabulary, as the embedding is: a column split and one allGather.
 * The logits of padded ids are as low as can be, so that none is ever chosen.
 */
export class ParallelLMHead {
  readonly share: VocabShare;
  readonly #context: ParallelContext;
  readonly #config: VocabConfig;
  readonly #shares: readonly VocabShare[];
  readonly #stored: Stored;

  constructor(context: ParallelContext, config: VocabConfig) {
    const { worldSize, rank } = context.comm;
    const { vocab, hidden, padTo = 1 } = config;
    checkSizes('ParallelLMHead', { vocab, hidden, padTo });
    this.#context = context;
    this.#config = config;
    this.#shares = vocabShares(vocab, padTo, worldSize);
    this.share = this.#shares[rank] ?? { padded: 0, range: { start: 0, end: 0 }, real: 0 };
    this.#stored = new Stored(context.device, 'ParallelLMHead');
  }

  load(weights: Weights): void {
    const { share } = this;
    const { vocab, hidden } = this.#config;
    const width = lengthOf(share.range);
    this.#stored.put('table', vocabRows(weights, share, hidden), [width, hidden]);
    if (share.padded > vocab) {
      this.#stored.put('padding', new Float32Array(width).fill(LOWEST, share.real), [width]);
    }
  }

  /** This rank's logits: x `[T, hidden]` → `[T, vocab/p]`; −3.4e38 for padded ids. */
  multiply(x: Tensor): Tensor {
    const padded = this.share.padded > this.#config.vocab;
    const { device } = this.#context;
    const table = this.#stored.get('table');
    return padded ? device.linear(x, table, this.#stored.get('padding')) : device.linear(x, table);
  }

  /** x `[T, hidden]` → `[T, padded vocab]`, the same bits on every rank; −∞ for padded ids. */
  async forward(x: Tensor): Promise<Tensor> {
    const { padded } = this.share;
    const { vocab } = this.#config;
    const own = this.multiply(x); // [T, vocab/p]
    const widths = this.#shares.map(({ range }) => lengthOf(range));
    const blank = (joined: Float32Array): void => {
      for (let start = vocab; start < joined.length; start += padded) {
        joined.fill(Number.NEGATIVE_INFINITY, start, start + padded - vocab);
      }
    };
    const finish = padded > vocab ? blank : undefined;
    const logits = await allGatherColumns(this.#context, own, widths, finish);
    this.#context.device.free(own);
    return logits;
  }

  free(): void {
    this.#stored.free();
  }
}
