/** What the parameters ask: a model, a machine, a load; or a sentence that says why they cannot be asked together. */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';
import { bestFabric, FABRICS, type Machine, NETWORKS, problemWithMachine } from '../../machines/fabrics.ts';
import { GPUS, type Gpu, ownGpu } from '../../machines/gpus.ts';
import { countModel } from '../../planner/model/countModel.ts';
import type { CountedModel } from '../../planner/model/parts.ts';
import type { Question } from '../../planner/question.ts';
import { storedIn } from '../../planner/whatIfs.ts';
import { knownConfig } from './knownModels.ts';
import { OWN, type PlanParams, problemWith } from './params.ts';

/** No config.json is near it; to lay out ten times as many took the page's thread 1.2 s. */
export const MOST_CHARACTERS = 100_000;
export const TOO_LONG = 'This is over 100,000 characters long, and no config.json is. Paste that file alone.';

/** @throws LabError 'input' with one sentence */
export function modelOf({ model, config }: Pick<PlanParams, 'model' | 'config'>): CountedModel {
  if (config.length > MOST_CHARACTERS) throw new LabError('input', TOO_LONG);
  if (config !== '') return countModel(config, model.split('/').at(-1) || undefined);
  if (model === '') {
    throw new LabError(
      'input',
      'The file that this link was made with is too long for a link. Paste it, or choose a model.',
    );
  }
  const known = knownConfig(model);
  if (known === null) {
    throw new LabError(
      'input',
      `${quoted(model)} does not come with this page. Fetch its config.json, or paste it, or choose another model.`,
    );
  }
  return countModel(known);
}

/** @throws LabError 'input' with one sentence */
export function machineOf(params: PlanParams): Machine {
  const problem = problemWith(params);
  if (problem !== null) throw new LabError('input', problem);
  const { perNode, nodes, ports, measured } = params;
  const gpu = gpuOf(params);
  const fabricId = params.fabric === 'best' ? bestFabric(gpu, perNode) : params.fabric;
  const fabric = FABRICS.find(({ id }) => id === fabricId);
  if (fabric === undefined) throw new LabError('input', `${quoted(fabricId)} is no kind of link.`);
  const machine: Machine = {
    gpu,
    fabric,
    perNode,
    nodes,
    ports,
    network: nodes > 1 ? (NETWORKS.find(({ id }) => id === params.network) ?? null) : null,
    measured,
  };
  const refused = problemWithMachine(machine);
  if (refused !== null) throw new LabError('input', refused);
  return machine;
}

function gpuOf({ gpu: id, teraflops, bandwidth, memory, link }: PlanParams): Gpu {
  if (id === OWN) return ownGpu({ teraflops, memoryGBs: bandwidth, memoryGB: memory, linkGBs: link });
  const gpu = GPUS.find((one) => one.id === id);
  if (gpu === undefined) throw new LabError('input', `${quoted(id)} is no GPU that is known here.`);
  return gpu;
}

/** @throws LabError 'input' with one sentence */
export function questionOf(counted: CountedModel, params: PlanParams): Question {
  const bits = params.work === 'train' ? 0 : params.weights;
  const model = bits === 0 ? counted : (storedIn(counted, bits) ?? counted);
  const machine = machineOf(params);
  const { work, prompt, sequences, cache } = params;
  const answer = work === 'train' ? 0 : params.answer;
  if (prompt + answer > model.maxPositions) {
    throw new LabError(
      'input',
      `Prompt and answer have ${grouped(prompt + answer)} tokens, and ${model.name} has positions for ${grouped(model.maxPositions)}. Make them shorter.`,
    );
  }
  return {
    model,
    machine,
    load: { work, prompt, answer, sequences, cacheBytes: cache / 8 },
    efficiency: {
      memory: params.reads / 100,
      flops: params.computes / 100,
      layerUs: params.layer,
    },
  };
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
