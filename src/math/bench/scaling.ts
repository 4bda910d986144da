/**
 * A model on paper: so many ranks by tensor, pipeline and data parallelism, on GPUs that are only known by their
 * datasheets. Rough by design; {@link LEFT_OUT} says what it does not know.
 */

import type { ModelConfig } from '../plans/modelConfig.ts';
import { modelCost } from '../plans/modelPlan.ts';
import { predictCollective } from './costModel.ts';
import type { CollectiveOp } from './record.ts';

export const LEFT_OUT = [
  'Kernels that do not fill the GPU: a cut product is smaller, and slower a FLOP.',
  'Overlap of communication with computing, which hides a part of it.',
  'Contention between links, and topologies other than a ring.',
  'Imbalance: of experts, of uneven shards, of the first and last pipeline stage.',
  'Activations, fragmentation and workspace in memory; optimizer states in training.',
];

export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
}

export interface PaperRun {
  /** decode: one token of each sequence after `context`; prefill: `context` tokens of each; train: the same and backward. */
  readonly mode: 'decode' | 'prefill' | 'train';
  /** Sequences of all data-parallel copies together. */
  readonly sequences: number;
  readonly context: number;
  /** What a pipeline keeps in flight; a stage idles pipeline − 1 of microbatches + pipeline − 1 times. */
  readonly microbatches: number;
}

export interface PaperMachine {
  readonly teraflops: number;
  readonly memoryGBs: number;
  readonly memoryGB: number;
  /** Between the ranks that share a layer. */
  readonly tensorLink: { readonly alphaMs: number; readonly betaGBs: number };
  /** Between stages and copies. */
  readonly outerLink: { readonly alphaMs: number; readonly betaGBs: number };
  /** The share of its peaks that a GPU reaches: 0.4 is a good one in training. */
  readonly efficiency: number;
}

export interface PaperCost {
  readonly ranks: number;
  /** Of one step: a token of each sequence, or all of their tokens. */
  readonly stepMs: number;
  readonly computeMs: number;
  readonly tensorMs: number;
  readonly bubbleMs: number;
  readonly dataMs: number;
  readonly tokensPerSecond: number;
  readonly tokensPerSecondPerGpu: number;
  /** Weights and cache of a rank. */
  readonly memoryGB: number;
  readonly fits: boolean;
}

const GIGA = 1e9;

/** @throws Error unless tensor, pipeline and data are at least 1 */
export function paperCost(
  model: ModelConfig,
  { tensor, pipeline, data }: Layout,
  run: PaperRun,
  machine: PaperMachine,
): PaperCost {
  if (!(tensor >= 1 && pipeline >= 1 && data >= 1))
    throw new Error('a layout has at least one rank each way');
  const sequences = Math.max(1, Math.ceil(run.sequences / data));
  const [tokens, past] = run.mode === 'decode' ? [1, run.context - 1] : [run.context, 0];
  // One sequence is planned, and the others do the same: only weights are read once for all of them.
  const cost = modelCost(model, tensor, { tokens, past: Math.max(0, past) });
  const rank = cost.ranks.reduce((most, one) => (one.flops > most.flops ? one : most));
  const stage = 1 / pipeline;
  const backward = run.mode === 'train' ? 3 : 1; // the backward pass makes two products for each of the forward's

  const flopsMs = (rank.flops * sequences * backward) / (machine.teraflops * machine.efficiency) / GIGA;
  const kvBytes = rank.kvBytesPerToken * run.context * sequences;
  const readMs =
    (rank.weightBytes + (run.mode === 'decode' ? kvBytes : 0)) /
    (machine.memoryGBs * machine.efficiency) /
    1e6;
  const computeMs = Math.max(flopsMs, readMs) * stage;

  const collectives = cost.collectives.map(({ kind, count, bytes }) => {
    return count * predictCollective(machine.tensorLink, kind as CollectiveOp, tensor, bytes * sequences);
  });
  const conjugate = run.mode === 'train' ? 2 : 1; // each forward collective has its conjugate in the backward pass
  const tensorMs = tensor === 1 ? 0 : collectives.reduce((sum, ms) => sum + ms, 0) * stage * conjugate;
  // Per microbatch a stage takes 1/m of this; the first leaves pipeline − 1 of them idle at both ends.
  const bubbleMs = ((computeMs + tensorMs) * (pipeline - 1)) / Math.max(1, run.microbatches);
  const dataMs =
    run.mode === 'train' && data > 1
      ? predictCollective(machine.outerLink, 'all_reduce', data, rank.weightBytes * stage)
      : 0;
  const stages = run.mode === 'decode' ? pipeline : 1; // a token has to pass all stages before the next can begin
  const stepMs = (computeMs + tensorMs) * stages + (run.mode === 'decode' ? 0 : bubbleMs) + dataMs;
  const made = run.sequences * tokens;
  const memoryGB = (rank.weightBytes * stage + kvBytes * stage) / GIGA;
  const ranks = tensor * pipeline * data;
  return {
    ranks,
    stepMs,
    computeMs: computeMs * stages,
    tensorMs: tensorMs * stages,
    bubbleMs: run.mode === 'decode' ? 0 : bubbleMs,
    dataMs,
    tokensPerSecond: (made / stepMs) * 1e3,
    tokensPerSecondPerGpu: ((made / stepMs) * 1e3) / ranks,
    memoryGB,
    fits: memoryGB <= machine.memoryGB,
  };
}
