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
import { chunksOf, chunksOfEach, modelProgram } from '../../../program/model.ts';
import type { Program } from '../../../program/program.ts';
import { vocabShares } from '../../../program/shares.ts';
import type { ModelLoading, ModelTask } from '../../../protocol.ts';
import { checkLogits } from '../../../sampling/broken.ts';
import { isEnough } from '../../../sampling/top.ts';

/** So long it loads before it tells how far it is. */
const PORTION_MS = 250;

export class RankModel {
  /** Its pieces, by rank. */
  readonly vocabulary: readonly Range[];
  readonly #context: ParallelContext;
  readonly #task: ModelTask;
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
  constructor(context: ParallelContext, task: ModelTask) {
    const { model, positions, source, checkpoint, weights } = task;
    const { rank, worldSize } = context;
    this.#context = context;
    this.#task = task;
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
    await this.#inChunks(ids, chunksOf(ids.length), async (chunk) => {
      this.#output = await this.#layer.runToShards({ ids: chunk }, chunk.length);
    });
  }

  /**
   * Forced decoding: runs tokens behind those that it has seen, whatever it would have written itself, and tells behind each
   * which token is the likeliest. Of the logits no others leave the device.
   * @throws LabError as run() does; as checkLogits() does
   */
  async firstChoices(ids: readonly number[]): Promise<number[]> {
    const chosen: number[] = [];
    await this.#runEach(ids, async (output) => {
      const tops = await output.tops(1);
      if (!tops.every(isEnough)) this.#checkRows(await output.toHost());
      chosen.push(...tops.map(({ indices: [best = 0] }) => best));
    });
    return chosen;
  }

  /** The same, with all logits behind each, `[ids, vocab]`. */
  async logitsBehind(ids: readonly number[]): Promise<Float32Array> {
    const { vocab } = this.#task.model;
    const logits = new Float32Array(ids.length * vocab);
    let at = 0;
    await this.#runEach(ids, async (output) => {
      const rows = await output.toHost();
      logits.set(rows, at);
      at += rows.length;
    });
    return logits;
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
    if (length < this.#ids.length) this.#backTo(length);
  }

  free(): void {
    this.#forget();
    this.#source.close();
    this.#layer.free();
  }

  /** @param run takes the next chunk; behind it, that has been seen */
  async #inChunks(
    ids: readonly number[],
    chunks: readonly Range[],
    run: (chunk: readonly number[]) => Promise<void>,
  ): Promise<void> {
    this.#layer.cache.checkRoom(ids.length);
    const before = this.#ids.length;
    try {
      for (const { start, end } of chunks) {
        const chunk = ids.slice(start, end);
        this.#forget();
        await run(chunk);
        this.#ids.push(...chunk);
      }
    } catch (thrown) {
      this.#backTo(before); // the cache may be a chunk ahead of the ids
      throw thrown;
    }
  }

  #backTo(length: number): void {
    this.#layer.cache.truncate(length);
    this.#ids.length = length;
    this.#forget();
  }

  /** @param take is lent the logits behind each token of a pass */
  #runEach(ids: readonly number[], take: (output: ShardedOutput) => Promise<void>): Promise<void> {
    const { model, positions } = this.#task;
    return this.#inChunks(ids, chunksOfEach(ids.length, model), async (chunk) => {
      const pass = { tokens: chunk.length, positions, asked: 'each' } as const;
      const program = modelProgram(model, this.#context.worldSize, pass);
      const output = await this.#layer.runOther(program, { ids: chunk });
      try {
        await take(output);
      } finally {
        output.free();
      }
    });
  }

  #checkRows(logits: Float32Array): void {
    const { vocab } = this.#task.model;
    for (let at = 0; at < logits.length; at += vocab)
      checkLogits(logits.subarray(at, at + vocab), this.vocabulary);
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
