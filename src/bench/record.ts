/**
 * The benchmark record, `ringside-bench/1`: what the page, the command line and public/torch/benchmark.py write alike, so
 * that a cluster's run can be laid over a browser's.
 */

import type { CollectiveOp } from '../collectives/kinds.ts';
import type { ElementType } from './elementTypes.ts';

export const SCHEMA = 'ringside-bench/1';

export type LayerOp = 'column_linear' | 'row_linear' | 'mlp' | 'attention' | 'embedding' | 'block';
/** A product on one rank, by one kernel variant. */
export type GemmOp = 'gemm';
/** A pass of a whole language model. */
export type ModelOp = 'prefill' | 'decode';
export type BenchOp = CollectiveOp | LayerOp | GemmOp | ModelOp;

/**
 * The page writes the first two. The libraries are written by bench/peers, each a thread of a browser; those of other
 * programs are read, never written: see ncclTests.ts and printed/.
 */
export type Backend =
  | 'webgpu'
  | 'cpu'
  | 'onnxruntime-webgpu'
  | 'onnxruntime-wasm'
  | 'tfjs-webgpu'
  | 'tfjs-wasm'
  | 'jax-js-webgpu'
  | 'jax-js-wasm'
  | 'torch-gloo'
  | 'torch-nccl'
  | 'nccl-tests'
  | 'rccl-tests'
  | 'gloo-benchmark'
  | 'osu';
export type BenchPlacement = 'worker' | 'one-device' | 'process';
export type Transport =
  | 'shared-memory-ring'
  | 'shared-memory-one-shot'
  | 'shared-memory-two-shot'
  | 'shared-memory-auto'
  | 'one-device'
  | 'gloo'
  | 'nccl'
  | 'rccl'
  | 'mpi'
  /** One rank: nothing is carried. */
  | 'none';

export interface BenchEnvironment {
  readonly userAgent: string;
  /** Fields of GPUAdapterInfo, or what torch says of the GPU; empty on a CPU. */
  readonly adapter: Readonly<Record<string, string>>;
  /** Logical ones; 0 where it is not known. */
  readonly cores: number;
  /** Null where there is no such thing. */
  readonly crossOriginIsolated: boolean | null;
  /** ISO 8601, when the run began. */
  readonly date: string;
  /** Of the code that ran, or ''. */
  readonly commit: string;
}

/** What is measured: the same in every backend. */
export interface BenchCase {
  readonly op: BenchOp;
  readonly backend: Backend;
  readonly placement: BenchPlacement;
  readonly transport: Transport;
  readonly worldSize: number;
  /** Of the weight of a product; of a collective that others measured. All else is float32. */
  readonly dtype: ElementType;
  /**
   * By the letters of the op. Products: m, k, n of x `[m, k]` by a stored weight `[n, k]`. mlp: m, hidden, intermediate.
   * attention and block: m, past, hidden, heads, kvHeads, headDim (block: intermediate too). embedding: m, vocab, hidden.
   * prefill and decode: m, past. Empty for collectives. row_linear and mlp in blocks of rows, from two on: blocks too.
   */
  readonly shape: Readonly<Record<string, number>>;
  /** Of the whole buffer of the (or of each) collective, of blocks all together; 0 where there is none, or where they differ, as in a model. */
  readonly bytes: number;
  /**
   * Of a product its kernel; '' where the device chooses, but a result has what it chose. Of a pass of a model its name:
   * "stories".
   */
  readonly variant: string;
}

export interface BenchResult extends BenchCase {
  /** The slowest rank's time of each iteration; of programs that tell no more, a single mean or median. */
  readonly samplesMs: readonly number[];
  readonly medianMs: number;
  readonly p10Ms: number;
  readonly p90Ms: number;
  /** FLOPs of all ranks together over the median; 0 in collectives. */
  readonly gflops: number;
  /** nccl-tests' bandwidths in 1e9 B/s, of collectives; 0 elsewhere. */
  readonly algBwGBs: number;
  readonly busBwGBs: number;
  /** Means over ranks and iterations: in kernels, in moving data, in waiting for others. */
  readonly computeMs: number;
  readonly commMs: number;
  readonly waitMs: number;
  /** NaN, which files write as null, where it is not known, or where a result was no number. */
  readonly maxAbsError: number;
  /**
   * Of a product whose weight is stored in fewer bits than float32: how far y is from that of the weight in float32, the
   * largest difference, and √(Σ difference² ÷ Σ y²). Left out elsewhere.
   */
  readonly roundingMaxError?: number | undefined;
  readonly roundingRmsError?: number | undefined;
  /** Elements that are not what they have to be: exactly in collectives, within the tolerance in layers. */
  readonly wrong: number;
  /** It ran, and nothing was wrong. */
  readonly ok: boolean;
  /** Why it did not run, or what is to be said of it: "the tab was hidden". '' where there is nothing. */
  readonly note: string;
}

export interface BenchRecord {
  readonly schema: typeof SCHEMA;
  readonly environment: BenchEnvironment;
  readonly results: readonly BenchResult[];
}
