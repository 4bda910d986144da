/** A rank's voice in the group: the collectives, as promises, over float32 buffers of any length. */

import { describeValue, timeoutProblem } from '../base/describe.ts';
import { invariant, LabError } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { ALGORITHMS, type Algorithm, chooseAlgorithm } from '../collectives/algorithm.ts';
import { type CollectiveKind, REDUCE_OPS, type ReduceOp } from '../collectives/kinds.ts';
import { scheduleOf } from '../collectives/schedule.ts';
import { abortGroup } from '../group/abort.ts';
import { type Call, hashChunks } from '../group/call.ts';
import { attachGroup, type GroupMemory } from '../group/memory.ts';
import { consecutiveRanges, lengthOf, type Range, shardRanges } from '../numerics/ranges.ts';
import { Arena } from '../wasm/arena.ts';
import { type Exchange, Executor } from './executor.ts';
import { Mailbox } from './mailbox.ts';

export interface CommunicatorOptions {
  readonly rank: number;
  /** How long to wait for another rank before the group is given up. Default 30 000. */
  readonly timeoutMs?: number;
  readonly recorder?: Recorder;
}

export interface AllReduceOptions {
  /** `auto` chooses by size; see {@link chooseAlgorithm}. */
  readonly algorithm?: Algorithm | 'auto';
}

interface CallOptions {
  readonly op: ReduceOp | null;
  /** Elements of the whole buffer. */
  readonly length: number;
  /** Of a broadcast. */
  readonly root?: number;
  /** Of an all_reduce. */
  readonly algorithm?: Algorithm;
}

/**
 * All collectives must be called by all ranks, in the same order, with the same lengths and ops; otherwise, and when
 * a rank does not come, every rank gets a LabError that says which rank called what. They accept any length, 0 too,
 * and every rank ends with the same bits. A NaN comes out of every op, max and min too. Calls block the worker's thread:
 * have no mapAsync pending.
 */
export class Communicator {
  readonly rank: number;
  readonly worldSize: number;
  /** Memory of this rank in which collectives work without copies. */
  readonly arena: Arena;
  readonly #group: GroupMemory;
  readonly #executor: Executor;
  readonly #mailbox: Mailbox;
  #seq = 0;

  constructor(memory: WebAssembly.Memory, options: CommunicatorOptions) {
    const group = attachGroup(memory);
    const { rank, timeoutMs = 30_000, recorder = new Recorder(rank) } = options;
    if (!Number.isInteger(rank) || rank < 0 || rank >= group.worldSize) {
      throw new LabError(
        'input',
        `rank is ${describeValue(rank)}; it must be a whole number from 0 to ${group.worldSize - 1}.`,
      );
    }
    const problem = timeoutProblem(timeoutMs);
    if (problem !== null) throw new LabError('input', problem);
    this.#group = group;
    this.rank = rank;
    this.worldSize = group.worldSize;
    this.arena = new Arena(memory, group.arena(rank));
    this.#executor = new Executor(group, rank, recorder, timeoutMs);
    this.#mailbox = new Mailbox(group, rank, recorder, timeoutMs);
  }

  /** Replaces `data` on every rank by the element-wise sum (or op) over all ranks. */
  async allReduce(data: Float32Array, op: ReduceOp = 'sum', options: AllReduceOptions = {}): Promise<void> {
    const { worldSize } = this;
    const requested = options.algorithm ?? 'auto';
    const algorithm = requested === 'auto' ? chooseAlgorithm(data.byteLength, worldSize) : requested;
    if (!ALGORITHMS.includes(algorithm)) {
      throw new LabError('input', `“${algorithm}” is no algorithm. Use auto, ${ALGORITHMS.join(', ')}.`);
    }
    const chunks =
      algorithm === 'one-shot' ? consecutiveRanges([data.length]) : shardRanges(data.length, worldSize);
    const region = { data, starts: startsOf(chunks) };
    // One-shot reads every window to the end while it writes the sum.
    const window = algorithm === 'one-shot' ? null : data;
    const call = { op, algorithm, length: data.length };
    this.#run('all_reduce', call, chunks, { input: region, output: region, window });
  }

  /**
   * Sums `data` over all ranks and returns this rank's chunk of the sum. `data` is left as it was.
   * @param counts chunk lengths, one a rank; balanced where left out
   * @param out where the chunk goes; a new array where left out
   */
  async reduceScatter(
    data: Float32Array,
    op: ReduceOp = 'sum',
    counts?: readonly number[],
    out?: Float32Array,
  ): Promise<Float32Array> {
    const chunks = this.#chunks(data.length, counts);
    const own = chunks[this.rank];
    const result = this.#outOf('reduceScatter', own === undefined ? 0 : lengthOf(own), out);
    const input = { data, starts: startsOf(chunks) };
    const output = { data: result, starts: chunks.map(() => 0) };
    this.#run('reduce_scatter', { op, length: data.length }, chunks, { input, output, window: null });
    return result;
  }

  /**
   * The shards of all ranks, in rank order.
   * @param counts shard lengths, one a rank; where left out, all are as long as this one
   * @param out where they go, without a copy in between if it lies in the arena; a new array where left out
   */
  async allGather(
    shard: Float32Array,
    counts?: readonly number[],
    out?: Float32Array,
  ): Promise<Float32Array> {
    const lengths = counts ?? Array.from({ length: this.worldSize }, () => shard.length);
    if (!areCounts(lengths, this.worldSize) || lengths[this.rank] !== shard.length) {
      throw new LabError(
        'input',
        `allGather on rank ${this.rank} got ${shard.length} floats and counts [${lengths.join(', ')}]; ` +
          `it needs ${this.worldSize} counts, and entry ${this.rank} must be the shard's length.`,
      );
    }
    const chunks = consecutiveRanges(lengths);
    const length = lengths.reduce((sum, count) => sum + count, 0);
    const result = this.#outOf('allGather', length, out);
    const input = { data: shard, starts: chunks.map(() => 0) };
    const output = { data: result, starts: startsOf(chunks) };
    this.#run('all_gather', { op: null, length }, chunks, { input, output, window: result });
    return result;
  }

  /** Replaces `data` on every rank by that of rank `root`. */
  async broadcast(data: Float32Array, root: number): Promise<void> {
    if (!Number.isInteger(root) || root < 0 || root >= this.worldSize) {
      throw new LabError(
        'input',
        `There is no rank ${root} to broadcast from: ranks are 0 to ${this.worldSize - 1}.`,
      );
    }
    const region = { data, starts: [0] };
    const chunks = consecutiveRanges([data.length]);
    const call = { op: null, length: data.length, root };
    this.#run('broadcast', call, chunks, { input: region, output: region, window: data });
  }

  /**
   * Sends chunk r of `data` (balanced ranges) to rank r, and returns what came from ranks 0, 1, … one after another.
   * @param out where that goes, which must not be `data`; a new array where left out
   */
  async allToAll(data: Float32Array, out?: Float32Array): Promise<Float32Array> {
    const chunks = shardRanges(data.length, this.worldSize);
    const own = chunks[this.rank];
    const width = own === undefined ? 0 : lengthOf(own);
    const result = this.#outOf('allToAll', width * this.worldSize, out);
    const input = { data, starts: startsOf(chunks) };
    const output = { data: result, starts: chunks.map((_, from) => from * width) };
    this.#run('all_to_all', { op: null, length: data.length }, chunks, { input, output, window: data });
    return result;
  }

  /**
   * Posts a message. It waits, and blocks the thread, while an earlier letter (16 KiB) to the same rank has not been
   * taken: ranks that all send two messages before they receive wait for ever, or until the deadline.
   */
  async send(data: Float32Array, to: number): Promise<void> {
    this.#mailbox.send(data, to);
  }

  /** Fills `data` with the next message of rank `from`. */
  async recv(data: Float32Array, from: number): Promise<void> {
    this.#mailbox.recv(data, from);
  }

  /** Returns once every rank has called it. */
  async barrier(): Promise<void> {
    const region = { data: new Float32Array(0), starts: [0] };
    const regions = { input: region, output: region, window: null };
    this.#run('barrier', { op: null, length: 0 }, consecutiveRanges([0]), regions);
  }

  /** A collective of a rank that is alone: it is checked and recorded as any, and there is nothing to move. */
  alone(kind: CollectiveKind, length: number, op: ReduceOp | null = null): void {
    invariant(this.worldSize === 1, () => `${this.worldSize} ranks are not alone`);
    const region = { data: new Float32Array(0), starts: [0] };
    this.#run(kind, { op, length }, consecutiveRanges([0]), { input: region, output: region, window: null });
  }

  #outOf(name: string, length: number, out: Float32Array = new Float32Array(length)): Float32Array {
    if (out.length === length) return out;
    throw new LabError(
      'input',
      `${name} on rank ${this.rank} was given ${out.length} floats for its result; it needs ${length}.`,
    );
  }

  #chunks(length: number, counts: readonly number[] | undefined): Range[] {
    if (counts === undefined) return shardRanges(length, this.worldSize);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (areCounts(counts, this.worldSize) && total === length) return consecutiveRanges(counts);
    throw new LabError(
      'input',
      `reduceScatter got ${length} floats and counts [${counts.join(', ')}]; it needs ${this.worldSize} counts that add up to the length.`,
    );
  }

  #run(
    kind: CollectiveKind,
    { op, length, root = 0, algorithm = 'ring' }: CallOptions,
    chunks: readonly Range[],
    regions: Pick<Exchange, 'input' | 'output' | 'window'>,
  ): void {
    if (op !== null && !REDUCE_OPS.includes(op)) {
      throw new LabError('input', `“${op}” is no reduction. Use ${REDUCE_OPS.join(', ')}.`);
    }
    const schedule = scheduleOf({ kind, algorithm, root }, this.worldSize, this.rank);
    const chunksHash = hashChunks(chunks.map(lengthOf));
    const call: Call = {
      seq: this.#seq++,
      kind,
      algorithm: schedule.algorithm,
      op,
      length,
      root,
      chunksHash,
    };
    const { window: wished } = regions;
    const reached = wished !== null && (this.worldSize === 1 || this.arena.owns(wished));
    const window = reached ? wished : null;
    try {
      this.#executor.run({ call, schedule, op: op ?? 'sum', chunks, ...regions, window });
    } catch (thrown) {
      // Whatever it was, the others must not wait for a rank that has left. Without effect where a reason is set.
      abortGroup(this.#group, { kind: 'rank-failed', rank: this.rank });
      throw thrown;
    }
  }
}

function areCounts(counts: readonly number[], worldSize: number): boolean {
  return counts.length === worldSize && counts.every((count) => Number.isInteger(count) && count >= 0);
}

function startsOf(chunks: readonly Range[]): number[] {
  return chunks.map((chunk) => chunk.start);
}
