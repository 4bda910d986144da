/** A model, a layout and a machine, as they are chosen, and what they cost. */

import { FABRICS, GPUS, linkOf } from '../../../../math/bench/hardware.ts';
import {
  type PaperCost,
  type PaperMachine,
  type PaperRun,
  paperCost,
} from '../../../../math/bench/scaling.ts';
import { presets } from '../../../../math/plans/presets.ts';

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
  ...{ model: 'llama-3-70b', mode: 'decode', tensor: 8, pipeline: 1, data: 1, sequences: 32, context: 4096 },
  ...{ gpu: 'h100', tensorFabric: 'nvlink', outerFabric: 'ib-ndr', efficiency: 40 },
};

export const tensorDegrees: readonly number[] = [1, 2, 4, 8, 16, 32, 64];

export interface PaperRow {
  readonly tensor: number;
  readonly cost: PaperCost;
}

/** Null where the fabric does not fit the GPU. */
export function machineOf(choice: PaperChoice): PaperMachine | null {
  const gpu = GPUS.find(({ id }) => id === choice.gpu);
  const tensor = FABRICS.find(({ id }) => id === choice.tensorFabric);
  const outer = FABRICS.find(({ id }) => id === choice.outerFabric);
  if (gpu === undefined || tensor === undefined || outer === undefined) return null;
  const tensorLink = linkOf(gpu, tensor);
  const outerLink = linkOf(gpu, outer);
  if (tensorLink === null || outerLink === null) return null;
  const { teraflops, memoryGBs, memoryGB } = gpu;
  return { teraflops, memoryGBs, memoryGB, tensorLink, outerLink, efficiency: choice.efficiency / 100 };
}

export function paperRow(choice: PaperChoice, tensor: number): PaperRow | null {
  const machine = machineOf(choice);
  const preset = presets.find(({ id }) => id === choice.model);
  if (machine === null || preset === undefined) return null;
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
