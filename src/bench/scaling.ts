/**
 * A model on paper: so many ranks by tensor, pipeline and data parallelism, on GPUs that are only known by their
 * datasheets. Rough by design; {@link LEFT_OUT} says what it does not know.
 */

import type { ModelConfig } from '../program/modelConfig.ts';
import { type Link, predictCollective } from './costModel.ts';
import { type PaperPass, paperWork } from './paperWork.ts';

/** bfloat16 */
const ACTIVATION_BYTES = 2;

export const LEFT_OUT = [
  'Kernels that do not fill the GPU: a cut product is smaller, and slower a FLOP.',
  'Overlap of communication with computing, which hides a part of it.',
  'Contention between links, and topologies other than a ring. From stage to stage each rank sends all of a token, though its tensor-parallel ranks could share that.',
  'Imbalance: of experts, of uneven shards, of the first and last pipeline stage. Each token chooses its experts evenly and by itself, so that 1 − (1 − k/E)^tokens of them are read; real tokens agree more often.',
  'Memory for activations, fragmentation and workspace; in training for gradients and optimizer states too.',
  'In training, computing activations again, and the few collectives of the loss.',
];

export interface ClusterLayout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
}

export interface PaperRun extends Pick<PaperPass, 'mode' | 'context'> {
  /** Sequences of all data-parallel copies together. */
  readonly sequences: number;
  /**
   * Into so many parts a pipeline cuts the sequences, in prefill and training; a stage idles pipeline − 1 of
   * microbatches + pipeline − 1 times. In decoding there are as many as stages.
   */
  readonly microbatches: number;
}

export interface PaperMachine {
  readonly teraflops: number;
  readonly memoryGBs: number;
  readonly memoryGB: number;
  /** Between the ranks that share a layer. */
  readonly tensorLink: Link;
  /** Between stages and copies. */
  readonly outerLink: Link;
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
  /** From stage to stage, and in training the sum of the copies' gradients. */
  readonly outerMs: number;
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
  { tensor, pipeline, data }: ClusterLayout,
  run: PaperRun,
  machine: PaperMachine,
): PaperCost {
  if (!(tensor >= 1 && pipeline >= 1 && data >= 1))
    throw new Error('a layout has at least one rank each way');
  const { mode, context } = run;
  const [decode, train] = [mode === 'decode', mode === 'train'];
  const sequences = Math.max(1, Math.ceil(run.sequences / data));
  // Without a pipeline all sequences go together; a stage decodes one part of them while the others are in other stages.
  const parts = Math.min(sequences, pipeline === 1 ? 1 : decode ? pipeline : run.microbatches);
  const each = Math.ceil(sequences / parts);
  const work = paperWork(model, tensor, { mode, context, sequences: each });

  // Of one part in one stage.
  const flopsMs = work.flops / (machine.teraflops * machine.efficiency) / GIGA;
  const readMs = work.readBytes / (machine.memoryGBs * machine.efficiency) / 1e6;
  const backward = train ? 3 : 1; // the backward pass makes two products for each of the forward's
  const partMs = (backward * Math.max(flopsMs, readMs)) / pipeline;
  const conjugate = train ? 2 : 1; // each forward collective has its conjugate in the backward pass, each transfer its gradient's
  const ringMs = work.collectives.reduce((sum, { kind, count, bytes }) => {
    return tensor === 1 ? 0 : sum + count * predictCollective(machine.tensorLink, kind, tensor, bytes);
  }, 0);
  const partRingMs = (conjugate * ringMs) / pipeline;
  const tokens = decode ? 1 : context;
  const { alphaMs, betaGBs } = machine.outerLink;
  const hopMs = alphaMs + (ACTIVATION_BYTES * model.hidden * tokens * each) / betaGBs / 1e6;
  const sendMs = pipeline === 1 ? 0 : conjugate * hopMs;

  // A token has to pass all stages before the next can begin; else a stage takes one part after another.
  const [turns, sends] = decode ? [pipeline, pipeline - 1] : [parts, parts];
  const [computeMs, tensorMs] = [turns * partMs, turns * partRingMs];
  const bubbleMs = decode ? 0 : (pipeline - 1) * (partMs + partRingMs + sendMs);
  const gradientMs =
    train && data > 1
      ? predictCollective(machine.outerLink, 'all_reduce', data, work.weightBytes / pipeline)
      : 0;
  const outerMs = sends * sendMs + gradientMs;
  const stepMs = computeMs + tensorMs + bubbleMs + outerMs;
  const tokensPerSecond = ((run.sequences * tokens) / stepMs) * 1e3;
  const memoryGB = (work.weightBytes + work.kvBytes * sequences) / pipeline / GIGA;
  const ranks = tensor * pipeline * data;
  return {
    ranks,
    stepMs,
    computeMs,
    tensorMs,
    bubbleMs,
    outerMs,
    tokensPerSecond,
    tokensPerSecondPerGpu: tokensPerSecond / ranks,
    memoryGB,
    fits: memoryGB <= machine.memoryGB,
  };
}
