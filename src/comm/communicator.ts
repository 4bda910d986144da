/** A rank's voice in the group: the collectives, as promises, over float32 buffers of any length. */

import { LabError } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { consecutiveRanges, lengthOf, type Range, shardRanges } from '../math/ranges.ts';
import { abortGroup } from './abort.ts';
import { Arena } from './arena.ts';
import { type Call, hashChunks } from './call.ts';
import { Executor, type Region } from './executor.ts';
import { Mailbox } from './mailbox.ts';
import { attachGroup, type GroupMemory } from './memory.ts';
import { REDUCE_OPS, type ReduceOp } from './reduce.ts';
import type { Algorithm, Schedule } from './schedule.ts';
import * as schedules from './schedule.ts';

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

/**
 * All collectives must be called by all ranks, in the same order, with the same lengths and ops; otherwise, and when
 * a rank does not come, every rank gets a LabError that says which rank called what. They accept any length, 0 too,
 * and every rank ends with the same bits. Calls block the worker's thread: have no mapAsync pending.
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
    if (!(timeoutMs > 0)) throw new LabError('input', `timeoutMs is ${timeoutMs}; it must be more than 0.`);
    this.#group = group;
    this.rank = rank;
    this.worldSize = group.worldSize;
    this.arena = new Arena(group, rank);
    this.#executor = new Executor(group, rank, recorder, timeoutMs);
    this.#mailbox = new Mailbox(group, rank, recorder, timeoutMs);
  }

  /** Replaces `data` on every rank by the element-wise sum (or op) over all ranks. */
  async allReduce(data: Float32Array, op: ReduceOp = 'sum', options: AllReduceOptions = {}): Promise<void> {
    const { worldSize, rank } = this;
    const requested = options.algorithm ?? 'auto';
    const algorithm = requested === 'auto' ? chooseAlgorithm(data.byteLength, worldSize) : requested;
    const schedule =
      algorithm === 'ring'
        ? schedules.ringSchedule('all_reduce', worldSize, rank)
        : algorithm === 'one-shot'
          ? schedules.oneShotAllReduce(worldSize, rank)
          : schedules.twoShotAllReduce(worldSize, rank);
    const chunks =
      algorithm === 'one-shot' ? consecutiveRanges([data.length]) : shardRanges(data.length, worldSize);
    const region = { data, starts: startsOf(chunks) };
    this.#run(schedule, { op, length: data.length }, chunks, region, region);
  }

  /**
   * Sums `data` over all ranks and returns this rank's chunk of the sum. `data` is left as it was.
   * @param counts chunk lengths, one a rank; balanced where left out
   */
  async reduceScatter(
    data: Float32Array,
    op: ReduceOp = 'sum',
    counts?: readonly number[],
  ): Promise<Float32Array> {
    const chunks = this.#chunks(data.length, counts);
    const own = chunks[this.rank];
    const out = new Float32Array(own === undefined ? 0 : lengthOf(own));
    const schedule = schedules.ringSchedule('reduce_scatter', this.worldSize, this.rank);
    const output = { data: out, starts: chunks.map(() => 0) };
    this.#run(schedule, { op, length: data.length }, chunks, { data, starts: startsOf(chunks) }, output);
    return out;
  }

  /**
   * The shards of all ranks, in rank order.
   * @param counts shard lengths, one a rank; where left out, all are as long as this one
   */
  async allGather(shard: Float32Array, counts?: readonly number[]): Promise<Float32Array> {
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
    const out = new Float32Array(length);
    const schedule = schedules.ringSchedule('all_gather', this.worldSize, this.rank);
    const input = { data: shard, starts: chunks.map(() => 0) };
    this.#run(schedule, { op: null, length }, chunks, input, { data: out, starts: startsOf(chunks) });
    return out;
  }

  /** Replaces `data` on every rank by that of rank `root`. */
  async broadcast(data: Float32Array, root: number): Promise<void> {
    if (!Number.isInteger(root) || root < 0 || root >= this.worldSize) {
      throw new LabError(
        'input',
        `There is no rank ${root} to broadcast from: ranks are 0 to ${this.worldSize - 1}.`,
      );
    }
    const schedule = schedules.ringSchedule('broadcast', this.worldSize, this.rank, root);
    const region = { data, starts: [0] };
    this.#run(
      schedule,
      { op: null, length: data.length, root },
      consecutiveRanges([data.length]),
      region,
      region,
    );
  }

  /** Sends chunk r of `data` (balanced ranges) to rank r, and returns what came from ranks 0, 1, … one after another. */
  async allToAll(data: Float32Array): Promise<Float32Array> {
    const chunks = shardRanges(data.length, this.worldSize);
    const own = chunks[this.rank];
    const width = own === undefined ? 0 : lengthOf(own);
    const out = new Float32Array(width * this.worldSize);
    const output = { data: out, starts: chunks.map((_, from) => from * width) };
    const schedule = schedules.allToAll(this.worldSize, this.rank);
    this.#run(
      schedule,
      { op: null, length: data.length },
      chunks,
      { data, starts: startsOf(chunks) },
      output,
    );
    return out;
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
    const schedule = schedules.barrier(this.worldSize, this.rank);
    this.#run(schedule, { op: null, length: 0 }, consecutiveRanges([0]), region, region);
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
    schedule: Schedule,
    call: { op: ReduceOp | null; length: number; root?: number },
    chunks: readonly Range[],
    input: Region,
    output: Region,
  ): void {
    if (call.op !== null && !REDUCE_OPS.includes(call.op)) {
      throw new LabError('input', `“${call.op}” is no reduction. Use ${REDUCE_OPS.join(', ')}.`);
    }
    const record: Call = {
      seq: this.#seq++,
      kind: schedule.kind,
      algorithm: schedule.algorithm,
      op: call.op,
      length: call.length,
      root: call.root ?? 0,
      chunksHash: hashChunks(chunks.map(lengthOf)),
    };
    const staysInWindow = input === output && schedule.steps.every((step) => step.target === 'window');
    const inPlace = staysInWindow && (this.worldSize === 1 || this.arena.owns(input.data));
    try {
      this.#executor.run({ call: record, schedule, op: call.op ?? 'sum', chunks, input, output, inPlace });
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

/**
 * The allReduce that is quickest for a buffer of this size. One-shot has the fewest waits but reads n times the
 * bytes; two-shot has two rounds of waits; the ring has 2(n−1), but only between neighbours.
 */
export function chooseAlgorithm(bytes: number, worldSize: number): Algorithm {
  if (worldSize <= 2 || bytes > TWO_SHOT_MAX_BYTES) return 'ring';
  return bytes <= ONE_SHOT_MAX_BYTES ? 'one-shot' : 'two-shot';
}

const ONE_SHOT_MAX_BYTES = 16 * 1024;
const TWO_SHOT_MAX_BYTES = 1024 * 1024;
