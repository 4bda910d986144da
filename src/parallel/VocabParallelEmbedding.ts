import { LabError } from '../base/errors.ts';
import type { Tensor } from '../device/device.ts';
import type { VocabConfig } from '../math/plans/configs.ts';
import { type VocabShare, vocabShare } from '../math/plans/shares.ts';
import { lengthOf } from '../math/ranges.ts';
import { checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { Stored } from './stored.ts';
import { all, type Weights } from './weights.ts';

/**
 * Rows of a table `[vocab, hidden]` that is cut along the vocabulary. Each rank looks up the ids that are its own and has
 * zeros for the others, so that every row of the sum is one rank's row plus zeros: exact, whatever the order.
 */
export class VocabParallelEmbedding {
  readonly share: VocabShare;
  readonly #context: ParallelContext;
  readonly #config: VocabConfig;
  readonly #stored: Stored;

  constructor(context: ParallelContext, config: VocabConfig) {
    const { worldSize, rank } = context.comm;
    const { vocab, hidden, padTo = 1 } = config;
    checkSizes('VocabParallelEmbedding', { vocab, hidden, padTo });
    this.#context = context;
    this.#config = config;
    this.share = vocabShare(vocab, padTo, worldSize, rank);
    this.#stored = new Stored(context.device, 'VocabParallelEmbedding');
  }

  load(weights: Weights): void {
    this.#stored.put('table', vocabRows(weights, this.share, this.#config.hidden), [
      lengthOf(this.share.range),
      this.#config.hidden,
    ]);
  }

  /**
   * This rank's rows, zeros elsewhere: ids → `[T, hidden]`.
   * @throws LabError `input` where an id is not in the vocabulary
   */
  partial(ids: readonly number[]): Tensor {
    const { device } = this.#context;
    const local = device.tensor(localIds(ids, this.share, this.#config.vocab), [ids.length]);
    const rows = device.rows(this.#stored.get('table'), local); // [T, hidden]
    device.free(local);
    return rows;
  }

  /** ids → `[T, hidden]`, the same bits on every rank. */
  async forward(ids: readonly number[]): Promise<Tensor> {
    const y = this.partial(ids);
    await allReduce(this.#context, y);
    return y;
  }

  free(): void {
    this.#stored.free();
  }
}

/** This rank's rows of the table `weight`; padded ones are zeros. */
export function vocabRows(weights: Weights, { range, real }: VocabShare, hidden: number): Float32Array {
  const table = new Float32Array(lengthOf(range) * hidden);
  if (real > 0) {
    const rows = { start: range.start, end: range.start + real };
    table.set(weights.matrix('weight', { rows, cols: all(hidden) }));
  }
  return table;
}

/** Ids counted from this rank's first one; −1 for another's. */
export function localIds(ids: readonly number[], { range }: VocabShare, vocab: number): Float32Array {
  return Float32Array.from(ids, (id) => {
    if (!Number.isInteger(id) || id < 0 || id >= vocab) {
      throw new LabError('input', `${id} is no token id: they go from 0 to ${vocab - 1}.`);
    }
    return id >= range.start && id < range.end ? id - range.start : -1;
  });
}
