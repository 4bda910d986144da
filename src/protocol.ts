/**
 * Everything that crosses between page and ranks. Comlink carries of an Error only its message, name and stack,
 * and never settles a call to a dead worker: so failures cross as values, and the page keeps its own deadlines.
 */

import type { LabErrorCode } from './base/errors.ts';
import type { Recorded, Span, TraceChoice } from './base/trace.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import type { SourceSpec } from './checkpoint/source.ts';
import type { Algorithm } from './collectives/algorithm.ts';
import type { DeviceChoice, DeviceInfo } from './device/device.ts';
import type { Check } from './numerics/oracle.ts';
import type { Preview } from './numerics/preview.ts';
import type { Range } from './numerics/ranges.ts';
import type { Pass } from './program/configs.ts';
import type { LayerSpec } from './program/layers.ts';
import type { ModelConfig } from './program/modelConfig.ts';
import type { ProductWeights, WeightRounding } from './program/packing.ts';
import type { Chosen } from './program/routing.ts';
import type { SplitConfig } from './program/split.ts';
import type { RecordedPass, Spent } from './protocol/passes.ts';
import type { Candidate } from './sampling/likeliest.ts';
import type { Sampling } from './sampling/sampling.ts';
import type { Wanted } from './sampling/top.ts';
import type { TunedKernels } from './tuning/table.ts';

export type { DeviceChoice, DeviceInfo, DeviceKind } from './device/device.ts';
export type { RecordedPass, Spent } from './protocol/passes.ts';
export const DEVICE_CHOICES: readonly DeviceChoice[] = ['auto', 'webgpu', 'cpu'];

export interface Failure {
  readonly code: LabErrorCode | 'unknown';
  readonly message: string;
  /** The rank that is to blame, which need not be the one that reports; none where nobody is. */
  readonly rank?: number;
  readonly stack?: string;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export interface RankInit {
  readonly rank: number;
  /** The group memory; see group/memory.ts. It also says worldSize. */
  readonly memory: WebAssembly.Memory;
  readonly device: DeviceChoice;
  /** Whether `auto` may take an adapter that is emulated on the CPU. */
  readonly softwareGpu: boolean;
  /** How long a rank waits for another before it gives up. */
  readonly timeoutMs: number;
  /** What is kept of its trace; its program may choose otherwise. */
  readonly trace: TraceChoice;
  /** Kernels that were measured to be the fastest. */
  readonly tuned: TunedKernels;
}

/** What a worker exposes through Comlink; see host/serve.ts. */
export interface RankHost {
  init(init: RankInit): Promise<Outcome<DeviceInfo>>;
  /** Arguments lie at the top level, where Comlink.transfer and Comlink.proxy work. */
  call(method: string, ...args: readonly unknown[]): Promise<Outcome<unknown>>;
  /** Takes other kernels that were measured to be the fastest, between two calls. */
  preferTuned(tuned: TunedKernels): Promise<void>;
  /** Settles when it has done all it was sent; from then on, who waits for it knows that it has refused the rest. */
  refuse(): Promise<void>;
  trace(): Promise<Outcome<Recorded>>;
}

/** What a worker posts, beside Comlink, when something was thrown in it that nothing caught. */
export interface Uncaught {
  readonly uncaught: Failure;
}

/** The rank program of the Split page; see rank/programs/split.rank.ts. */
export interface SplitProgram {
  /** Computes the plan of `config` on matrices drawn from `seed`, and keeps what it needs for `probe`. */
  run(config: SplitConfig, seed: number): Promise<SplitRankResult>;
  /** The numbers behind element (row, col) of Y in the last run. */
  probe(row: number, col: number): Promise<SplitProbe>;
}

export interface SplitRankResult {
  readonly rank: number;
  /** What this rank held of each product, in the order of the plan. w is as stored, `[out, in]`. */
  readonly products: readonly { readonly x: Preview; readonly w: Preview; readonly y: Preview }[];
  /** Y as this rank holds it in the end: whole, or its columns. */
  readonly output: Preview;
  /** A hash of the bits of that Y. */
  readonly outputHash: string;
  /** Its columns of Y (see shardRange) against the unsplit product in float64. */
  readonly check: Check;
}

export interface SplitProbe {
  readonly rank: number;
  /** This rank's term of the sum (its partial), or its element where nothing is summed; null where it has none. */
  readonly term: number | null;
  /** The leading values of this rank's part of the row of X and of the column of W, and how many there are. */
  readonly x: Float32Array;
  readonly w: Float32Array;
  readonly count: number;
  /** The bias of the column, where it is added after the sum; null where it is not, or is part of the term. */
  readonly bias: number | null;
  /** The element of Y that this rank holds in the end; null where it holds none. */
  readonly result: number | null;
  /** The unsplit product in float64, from the rank whose columns hold it; null from the others. */
  readonly expected: number | null;
}

/** The rank program of the Layers page; see rank/programs/layer/layer.rank.ts. */
export interface LayerProgram {
  /** Runs the layer on numbers drawn from the seed: once in one go, then one operation at a time, which it tells of. */
  run(task: LayerTask): Promise<LayerRankResult>;
  /** The values of a tensor of the plan in the last run; null where this rank has none of it, or had no use for it. */
  open(id: string): Promise<OpenedTensor | null>;
}

export interface LayerTask {
  readonly spec: LayerSpec;
  readonly pass: Pass;
  readonly seed: number;
}

/** Something that a rank did in its pass, in order. */
export interface LayerEvent {
  /** The operation of the device, `upload`, `zeros`, or the kind of a collective. */
  readonly name: string;
  readonly flops: number;
  /** Elements of its result; of the whole buffer of a collective. */
  readonly elements: number;
  /** Elements of the tensor that it made; 0 where it changed one that was there. */
  readonly made: number;
  readonly ms: number;
  /** By the GPU's own clock; null where it has none. */
  readonly gpuMs: number | null;
  /** Of a collective: the part of `ms` that was spent waiting for others. */
  readonly waitMs: number;
  /** Which of the rank's spans are its own: from, and up to but without. */
  readonly spans: Range;
}

export interface LayerRankResult {
  readonly rank: number;
  readonly events: readonly LayerEvent[];
  /** Bytes uploaded when the layer was loaded, and allocated for its cache. */
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Tokens that chose each expert; empty in a layer without experts. */
  readonly routing: readonly number[];
  /** The same pass in one go, nothing waited for but what it needs. */
  readonly oneGoMs: number;
  /** What the rank did in it. */
  readonly oneGoSpans: readonly Span[];
  /** A hash of the bits of the output, where every rank has the whole of it; else null. */
  readonly outputHash: string | null;
  /** Against the unsplit layer on one CPU rank; from rank 0 only. */
  readonly check: LayerCheck | null;
}

export interface LayerCheck {
  /** Elements compared. */
  readonly count: number;
  readonly maxAbsError: number;
  /** 1e-5 of the largest element, or of 1. */
  readonly tolerance: number;
  readonly pass: boolean;
}

export interface OpenedTensor {
  readonly shape: readonly number[];
  readonly preview: Preview;
  /** Over the finite elements, which all are but the logits of a padded vocabulary; NaN where there are none. */
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** The rank program of models; see rank/programs/model/program.ts. */
export interface ModelProgram {
  /** Takes the place of a model that was there before. */
  open(task: ModelTask): Promise<void>;
  /** Fetches some of the weights. To be called until all ranks are done; who is, is called along. */
  load(): Promise<ModelLoading>;
  /**
   * Runs tokens behind those that it has seen.
   * @param wanted of the logits, for what is drawn next; null where nothing is
   * @param sampling of that draw, which may need more; greedy where left out
   * @returns where the time went, if traced
   */
  prefill(
    ids: readonly number[],
    traced: boolean,
    wanted: Wanted | null,
    sampling?: Sampling,
  ): Promise<Spent | null>;
  /** Draws tokens and runs each, up to `count` of them or the first that stops; that one is not run. */
  generate(task: GenerateTask): Promise<ModelToken[]>;
  /**
   * Runs the token at a position once more, one operation at a time, and keeps every tensor until something else is asked
   * for. The spans are those of this pass.
   */
  inspect(position: number): Promise<InspectedOnRank>;
  /** The values of a tensor of that pass; null where this rank has none of it. */
  openTensor(id: string): Promise<OpenedTensor | null>;
  /** What this rank's heads of a layer attended to in that pass. */
  attention(layer: number): Promise<OpenedAttention>;
  /** What this rank recorded of its last passes that were traced, from the oldest on. */
  recorded(): Promise<readonly RecordedPass[]>;
  /** Forgets the tokens from `length` on. */
  truncate(length: number): Promise<void>;
  /** `[vocab]`, of what comes behind the last token that was run. */
  logits(): Promise<Float32Array>;
  /** Runs tokens as prefill() does, and tells the likeliest token behind each; the same on every rank. */
  firstChoices(ids: readonly number[]): Promise<number[]>;
  /** The same, with all logits behind each, `[ids, vocab]`. */
  logitsBehind(ids: readonly number[]): Promise<Float32Array>;
}

/** Where the ranks are: each in a worker with a device of its own, or all of them in one, on one device. */
export type Placement = 'worker' | 'one-device';

/** What a worker serves: the programs of the ranks that are in it. */
export interface ModelWorker {
  /** From now on so many ranks share this worker and its device. What was here before is let go. */
  share(worldSize: number): Promise<void>;
  /** Calls the method on each rank of the worker at once. @returns their answers, by rank */
  call(method: keyof ModelProgram, args: readonly unknown[]): Promise<unknown[]>;
}

export interface ModelTask {
  readonly model: ModelConfig;
  /** The longest sequence, which the cache has room for. */
  readonly positions: number;
  readonly source: SourceSpec;
  /** What is where in the source: read once, by the page. */
  readonly checkpoint: Checkpoint;
  /** How every all_reduce is made; and how products hold their weights, as they are stored where it is left out. */
  readonly algorithm: Algorithm | 'auto';
  readonly weights?: ProductWeights;
}

export interface ModelLoading {
  readonly done: boolean;
  /** Why it stands still: a network that broke. Another load() tries again. */
  readonly failure: string | null;
  /** Since the last call. */
  readonly warnings: readonly string[];
  /** Read so far, and to be read in all. */
  readonly bytes: number;
  /** Of those that were read: what the browser had kept, and was not fetched. */
  readonly keptBytes: number;
  readonly totalBytes: number;
  /** Its shard as it is stored: the rest are other ranks' columns of row splits, which come along and are cut off. */
  readonly shardBytes: number;
  /** On the device by now: weights and tables, and the cache; and what rounding weights to blocks has cost. */
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly rounding: WeightRounding;
}

export interface InspectedOnRank {
  readonly events: readonly LayerEvent[];
  /** Of each mixture of experts, in order: what the token's gate chose. */
  readonly chosen: readonly Chosen[];
}

export interface OpenedAttention {
  /** The rank's first head, and how many it has. */
  readonly first: number;
  readonly heads: number;
  /** Tokens that they look at. */
  readonly count: number;
  /** `[heads, count]`; those of a head add up to 1. */
  readonly weights: Float32Array;
}

export interface GenerateTask {
  readonly count: number;
  readonly sampling: Sampling;
  /** Of the logits, for each draw. */
  readonly wanted: Wanted;
  readonly stopIds: readonly number[];
  /** How many of the likeliest tokens rank 0 tells of. */
  readonly candidates: number;
  readonly traced: boolean;
}

export interface ModelToken {
  readonly id: number;
  /** Of rank 0, the likeliest first; empty of the others. */
  readonly candidates: readonly Candidate[];
  /** From the draw to the logits of what comes next. */
  readonly ms: number;
  /** Null where it was not traced, or not run. */
  readonly spent: Spent | null;
}
