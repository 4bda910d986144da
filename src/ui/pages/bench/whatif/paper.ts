/** A model, a layout and a machine, as they are chosen, and what they cost. */

import { FABRICS, GPUS, linkOf, problemWithFabric } from '#bench/hardware.ts';
import { type PaperCost, type PaperMachine, type PaperRun, paperCost } from '#bench/scaling.ts';
import { presets } from '#models/presets.ts';

export interface PaperChoice {
  readonly model: string;
  readonly mode: PaperRun['mode'];
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  readonly sequences: number;
  readonly context: number;
  readonly gpu: string;
  readonly tensorFabric: string;
  readonly outerFabric: string;
  /** Percent of the peaks. */
  readonly efficiency: number;
}

export const DEFAULT_PAPER: PaperChoice = {
  model: 'llama-3-70b',
  mode: 'decode',
  tensor: 8,
  pipeline: 1,
  data: 1,
  sequences: 32,
  context: 4096,
  gpu: 'h100',
  tensorFabric: 'nvlink',
  outerFabric: 'ib-ndr',
  efficiency: 40,
};

export const tensorDegrees: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

export interface PaperRow {
  readonly tensor: number;
  readonly cost: PaperCost;
}

/** What is chosen; null where a name is none of ours. */
function partsOf(choice: PaperChoice) {
  const gpu = GPUS.find(({ id }) => id === choice.gpu);
  const tensorFabric = FABRICS.find(({ id }) => id === choice.tensorFabric);
  const outerFabric = FABRICS.find(({ id }) => id === choice.outerFabric);
  const preset = presets.find(({ id }) => id === choice.model);
  if (!gpu || !tensorFabric || !outerFabric || !preset) return null;
  return { gpu, tensorFabric, outerFabric, preset };
}

/** Why so many GPUs cannot be joined as chosen, in a sentence; null where they can. */
export function paperProblem(choice: PaperChoice, tensor: number): string | null {
  const parts = partsOf(choice);
  if (parts === null) return 'There is no such model, GPU or fabric.';
  const { gpu, tensorFabric, outerFabric } = parts;
  const groups = choice.pipeline * choice.data;
  const inside = problemWithFabric(gpu, tensorFabric, tensor);
  // What joins stages and copies joins all of their ranks.
  return inside ?? (groups === 1 ? null : problemWithFabric(gpu, outerFabric, tensor * groups));
}

/** Null where there is a {@link paperProblem}. */
export function paperRow(choice: PaperChoice, tensor: number): PaperRow | null {
  const parts = partsOf(choice);
  if (parts === null || paperProblem(choice, tensor) !== null) return null;
  const { gpu, tensorFabric, outerFabric, preset } = parts;
  const { teraflops, memoryGBs, memoryGB } = gpu;
  const machine: PaperMachine = {
    teraflops,
    memoryGBs,
    memoryGB,
    efficiency: choice.efficiency / 100,
    tensorLink: linkOf(gpu, tensorFabric),
    outerLink: linkOf(gpu, outerFabric),
  };
  const { pipeline, data, mode, sequences, context } = choice;
  const microbatches = Math.max(1, Math.ceil(sequences / data)); // one sequence each
  const cost = paperCost(
    preset.model,
    { tensor, pipeline, data },
    { mode, sequences, context, microbatches },
    machine,
  );
  return { tensor, cost };
}
