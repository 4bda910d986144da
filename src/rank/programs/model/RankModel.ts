/** A language model on one rank: its weights as they arrive, its cache, and what it has seen. */

import { LabError } from '../../../base/errors.ts';
import { now } from '../../../base/trace.ts';
import { CheckpointWeights } from '../../../checkpoint/CheckpointWeights.ts';
import { openSource } from '../../../checkpoint/openSource.ts';
import type { Source, SourceOptions } from '../../../checkpoint/source.ts';
import type { Tensor } from '../../../device/device.ts';
import { type Range, sum } from '../../../numerics/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import { ProgramLayer } from '../../../parallel/ProgramLayer.ts';
import type { Observer } from '../../../parallel/RankPass.ts';
import type { ShardedOutput, Top } from '../../../parallel/ShardedOutput.ts';
import { chunksOf, modelProgram } from '../../../program/model.ts';
import type { Program } from '../../../program/program.ts';
import { vocabShares } from '../../../program/shares.ts';
import type { ModelLoading, ModelTask } from '../../../protocol.ts';

/** So long it loads before it tells how far it is. */
const PORTION_MS = 250;

export class RankModel {
  /** Its pieces, by rank. */
  readonly vocabulary: readonly Range[];
  readonly #context: ParallelContext;
  readonly #layer: ProgramLayer;
  readonly #source: Source;
  readonly #weights: CheckpointWeights;
  readonly #totalBytes: number;
  readonly #shardBytes: number;
  #bytes = 0;
  #keptBytes = 0;
  #warnings: string[] = [];
  readonly #ids: number[] = [];
  /** Of the last pass: the logits of what comes behind it, where they are, and what of them the host has. */
  #output: ShardedOutput | null = null;
  #logits: Float32Array | null = null;
  readonly #top = new Map<number, Top>();

  /** @throws LabError `input` where sizes do not fit each other */
  constructor(context: ParallelContext, { model, positions, source, checkpoint, weights }: ModelTask) {
    const { rank, worldSize } = context;
    this.#context = context;
    this.vocabulary = vocabShares(model.vocab, 1, worldSize).map(({ range }) => range);
    this.#layer = new ProgramLayer(
      context,
      (tokens) => modelProgram(model, worldSize, { tokens, positions }),
      positions,
      weights,
    );
    const program = this.#layer.program(1);
    const options: SourceOptions = {
      onBytes: (count, from) => {
        this.#bytes += count;
        if (from === 'kept') this.#keptBytes += count;
      },
      onWarning: (sentence) => this.#warnings.push(sentence),
    };
    this.#source = openSource(source, options, `${worldSize}-${rank}`);
    this.#weights = new CheckpointWeights(this.#source, checkpoint);
    const parts = partsOf(program, context.rank);
    const stored = this.#weights;
    this.#totalBytes = sum(parts.map(({ name, rows, cols }) => stored.bytesOf(name, rows, cols)));
    this.#shardBytes = sum(parts.map(({ name, rows, cols }) => stored.ownBytesOf(name, rows, cols)));
  }

  get rank(): number {
    return this.#context.rank;
  }

  get layer(): ProgramLayer {
    return this.#layer;
  }

  /** All tokens that it has seen. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /**
   * `[vocab]`, of what comes behind the last token; the same bits on every rank, and to be asked for on every rank.
   * @throws LabError `input` where no token was run since the last truncate()
   */
  async logits(): Promise<Float32Array> {
    this.#logits ??= await this.#next().toHost();
    return this.#logits;
  }

  /**
   * The k largest of them, for which the device gives no others away; the same on every rank, and to be asked for on every
   * rank.
   * @throws LabError as logits() does
   */
  async top(k: number): Promise<Top> {
    const top = this.#top.get(k) ?? (await this.#next().top(k));
    this.#top.set(k, top);
    return top;
  }

  /** Fetches some of the weights, and tells how far it is. What failed by the network may be asked for again. */
  async load(): Promise<ModelLoading> {
    const end = now() + PORTION_MS;
    let first = true;
    const goOn = (): boolean => {
      const going = first || now() < end;
      first = false;
      return going;
    };
    let [done, failure]: [boolean, string | null] = [false, null];
    try {
      done = await this.#layer.loadRest(this.#weights, goOn);
    } catch (thrown) {
      if (!(thrown instanceof LabError) || thrown.code !== 'environment') throw thrown;
      failure = thrown.message;
    }
    if (done) this.#source.close();
    const warnings = this.#warnings;
    this.#warnings = [];
    const [bytes, keptBytes] = [this.#bytes, this.#keptBytes];
    const [totalBytes, shardBytes] = [this.#totalBytes, this.#shardBytes];
    const { rounding } = this.#layer.storage;
    return { done, failure, warnings, bytes, keptBytes, totalBytes, shardBytes, rounding, ...this.#held() };
  }

  /**
   * Runs tokens behind those that it has seen, in chunks.
   * @throws LabError `input` where there is no room for them, or one is not in the vocabulary; then none of them was run
   */
  async run(ids: readonly number[]): Promise<void> {
    this.#layer.cache.checkRoom(ids.length);
    const before = this.#ids.length;
    try {
      for (const { start, end } of chunksOf(ids.length)) {
        const chunk = ids.slice(start, end);
        this.#forget();
        this.#output = await this.#layer.runToShards({ ids: chunk }, chunk.length);
        this.#ids.push(...chunk);
      }
    } catch (thrown) {
      this.truncate(before);
      throw thrown;
    }
  }

  /**
   * Runs a token that it has seen once more, alone and in its place. What came behind it stays, and so do the logits.
   * @returns the logits of this pass, to be freed
   * @throws LabError `input` where there is none at the position
   */
  async again(position: number, observer: Observer): Promise<Tensor> {
    const id = this.#ids[position];
    if (id === undefined)
      throw new LabError('input', `There are ${this.#ids.length} tokens, and none at position ${position}.`);
    const { cache } = this.#layer;
    cache.truncate(position);
    try {
      return await this.#layer.run({ ids: [id] }, 1, observer);
    } finally {
      cache.truncate(position); // whether it has run or not, their rows are all there
      cache.advance(this.#ids.length - position);
    }
  }

  /** Forgets the tokens from `length` on. */
  truncate(length: number): void {
    if (length >= this.#ids.length) return;
    this.#layer.cache.truncate(length);
    this.#ids.length = length;
    this.#forget();
  }

  free(): void {
    this.#forget();
    this.#source.close();
    this.#layer.free();
  }

  #next(): ShardedOutput {
    if (this.#output === null)
      throw new LabError('input', 'There is nothing to go on from: run a token first.');
    return this.#output;
  }

  #forget(): void {
    this.#output?.free();
    this.#output = null;
    this.#logits = null;
    this.#top.clear();
  }

  /** Bytes on the device. */
  #held(): Pick<ModelLoading, 'weightBytes' | 'kvBytes'> {
    const { storage } = this.#layer.program(1);
    const bytes = (cache: boolean): number =>
      this.#layer.storage.bytesOf(storage.filter(({ kind }) => (kind === 'cache') === cache));
    return { weightBytes: bytes(false), kvBytes: bytes(true) };
  }
}

/** What a rank asks its checkpoint for. */
function partsOf({ storage }: Program, rank: number) {
  return storage.flatMap((stored) => (stored.kind === 'weight' ? stored.parts(rank) : []));
}
