/** A rank's voice in the group: the collectives, as promises, over float32 buffers of any length. */

import { describeValue, timeoutProblem } from '../base/describe.ts';
import { invariant, LabError } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { ALGORITHMS, type Algorithm, chooseAlgorithm } from '../collectives/algorithm.ts';
import { type CollectiveKind, REDUCE_OPS, type ReduceOp } from '../collectives/kinds.ts';
import { abortGroup } from '../group/abort.ts';
import type { Call } from '../group/call.ts';
import { attachGroup, type GroupMemory } from '../group/memory.ts';
import { lengthOf, sum } from '../numerics/ranges.ts';
import { Arena } from '../wasm/arena.ts';
import { type Exchange, Executor } from './executor.ts';
import { Mailbox } from './mailbox.ts';
import { type CollectivePlan, CollectivePlans } from './plans.ts';

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
 * and every rank ends with the same bits. A NaN comes out of every op, max and min too. Calls block the worker's thread:
 * have no mapAsync pending that one of them needs.
 */
export class Communicator {
  readonly rank: number;
  readonly worldSize: number;
  /** Memory of this rank in which collectives work without copies. */
  readonly arena: Arena;
  readonly #group: GroupMemory;
  readonly #executor: Executor;
  readonly #plans: CollectivePlans;
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
    this.#plans = new CollectivePlans(group.worldSize, rank, group.slotLength);
    this.#mailbox = new Mailbox(group, rank, recorder, timeoutMs);
  }

  /** Replaces `data` on every rank by the element-wise sum (or op) over all ranks. */
  async allReduce(data: Float32Array, op: ReduceOp = 'sum', options: AllReduceOptions = {}): Promise<void> {
    this.prepareAllReduce(data, op, options)();
  }

  /** The same of the same array, made ready for as many times as it is called. */
  prepareAllReduce(data: Float32Array, op: ReduceOp, options: AllReduceOptions = {}): () => void {
    const { worldSize } = this;
    const requested = options.algorithm ?? 'auto';
    const algorithm = requested === 'auto' ? chooseAlgorithm(data.byteLength, worldSize) : requested;
    if (!ALGORITHMS.includes(algorithm)) {
      throw new LabError('input', `“${algorithm}” is no algorithm. Use auto, ${ALGORITHMS.join(', ')}.`);
    }
    const plan = this.#plans.of({ kind: 'all_reduce', algorithm, length: data.length });
    const region = { data, starts: plan.starts };
    // One-shot reads every window to the end while it writes the sum.
    const window = algorithm === 'one-shot' ? null : data;
    const regions = { input: region, output: region, window };
    return () => this.#run(plan, op, regions);
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
    checkCounts(data.length, counts, this.worldSize);
    const plan = this.#plans.of({ kind: 'reduce_scatter', length: data.length, counts });
    const own = plan.segments.chunks[this.rank];
    const result = this.#outOf('reduceScatter', own === undefined ? 0 : lengthOf(own), out);
    const input = { data, starts: plan.starts };
    const output = { data: result, starts: ALL_AT_0 };
    this.#run(plan, op, { input, output, window: null });
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
    const length = sum(lengths);
    const plan = this.#plans.of({ kind: 'all_gather', length, counts: lengths });
    const result = this.#outOf('allGather', length, out);
    const input = { data: shard, starts: ALL_AT_0 };
    const output = { data: result, starts: plan.starts };
    this.#run(plan, null, { input, output, window: result });
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
    const plan = this.#plans.of({ kind: 'broadcast', length: data.length, root });
    const region = { data, starts: plan.starts };
    this.#run(plan, null, { input: region, output: region, window: data });
  }

  /**
   * Sends chunk r of `data` (balanced ranges) to rank r, and returns what came from ranks 0, 1, … one after another.
   * @param out where that goes, which must not be `data`; a new array where left out
   */
  async allToAll(data: Float32Array, out?: Float32Array): Promise<Float32Array> {
    const plan = this.#plans.of({ kind: 'all_to_all', length: data.length });
    const { chunks } = plan.segments;
    const own = chunks[this.rank];
    const width = own === undefined ? 0 : lengthOf(own);
    const result = this.#outOf('allToAll', width * this.worldSize, out);
    const input = { data, starts: plan.starts };
    const output = { data: result, starts: chunks.map((_, from) => from * width) };
    this.#run(plan, null, { input, output, window: data });
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
    this.#run(this.#plans.of({ kind: 'barrier', length: 0 }), null, NOTHING);
  }

  /** A collective of a rank that is alone: it is checked and recorded as any, and there is nothing to move. */
  alone(kind: CollectiveKind, length: number, op: ReduceOp | null = null): void {
    invariant(this.worldSize === 1, () => `${this.worldSize} ranks are not alone`);
    this.#run(this.#plans.of({ kind, length, counts: [0] }), op, NOTHING);
  }

  #outOf(name: string, length: number, out: Float32Array = new Float32Array(length)): Float32Array {
    if (out.length === length) return out;
    throw new LabError(
      'input',
      `${name} on rank ${this.rank} was given ${out.length} floats for its result; it needs ${length}.`,
    );
  }

  #run(plan: CollectivePlan, op: ReduceOp | null, regions: Regions): void {
    if (op !== null && !REDUCE_OPS.includes(op)) {
      throw new LabError('input', `“${op}” is no reduction. Use ${REDUCE_OPS.join(', ')}.`);
    }
    const { kind, schedule, length, root, chunksHash } = plan;
    const call: Call = {
      seq: this.#seq++,
      kind,
      algorithm: schedule.algorithm,
      op,
      length,
      root,
      chunksHash,
    };
    const { input, output, window: wished } = regions;
    const reached = wished !== null && (this.worldSize === 1 || this.arena.owns(wished));
    const window = reached ? wished : null;
    try {
      this.#executor.run({ call, plan, op: op ?? 'sum', input, output, window });
    } catch (thrown) {
      // Whatever it was, the others must not wait for a rank that has left. Without effect where a reason is set.
      abortGroup(this.#group, { kind: 'rank-failed', rank: this.rank });
      throw thrown;
    }
  }
}

type Regions = Pick<Exchange, 'input' | 'output' | 'window'>;

/** Of chunks that each lie in an array of their own. */
const ALL_AT_0: readonly number[] = [];

const EMPTY = { data: new Float32Array(0), starts: ALL_AT_0 };
const NOTHING: Regions = { input: EMPTY, output: EMPTY, window: null };

function checkCounts(length: number, counts: readonly number[] | undefined, worldSize: number): void {
  if (counts === undefined || (areCounts(counts, worldSize) && sum(counts) === length)) return;
  throw new LabError(
    'input',
    `reduceScatter got ${length} floats and counts [${counts.join(', ')}]; it needs ${worldSize} counts that add up to the length.`,
  );
}

function areCounts(counts: readonly number[], worldSize: number): boolean {
  return counts.length === worldSize && counts.every((count) => Number.isInteger(count) && count >= 0);
}
