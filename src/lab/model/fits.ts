/** Whether a model has room on its devices, said before a weight is fetched: in gigabytes that takes an hour. */

import { LabError } from '../../base/errors.ts';
import { cut, listed } from '../../base/shown.ts';
import { dtypeOf } from '../../checkpoint/safetensors.ts';
import { BLOCK } from '../../numerics/blocks.ts';
import { modelProgram } from '../../program/model.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import {
  cutBlock,
  heldBytes,
  multipliedNames,
  type ProductWeights,
  type WeightTypes,
} from '../../program/packing.ts';
import type { Cost } from '../../program/plan.ts';
import type { Program } from '../../program/program.ts';
import type { DeviceInfo } from '../../protocol.ts';
import type { ModelFolder } from './folder.ts';

/** As many as the page starts. */
const MOST_RANKS = 8;
/** Of the one memory that ranks on the CPU share: what 32-bit addresses reach. */
const SHARED_BYTES = 2 ** 32;

interface Largest {
  /** A weight, by its name in the checkpoint; a table or cache. */
  readonly name: string;
  readonly bytes: number;
}

type Weighed = Pick<ModelFolder, 'model' | 'checkpoint'>;

/** How devices hold the weights of a checkpoint: of each device undefined where all are float32. */
export function weightTypesOf(
  { model, checkpoint }: Weighed,
  products: ProductWeights,
): (device: DeviceInfo | undefined) => WeightTypes | undefined {
  const inBlocks = products === 'stored' ? null : multipliedNames(programOn(model, 1));
  const types: WeightTypes = (name) =>
    products !== 'stored' && inBlocks?.has(name)
      ? products
      : (dtypeOf(checkpoint.get(name)?.dtype ?? '') ?? 'f32');
  return (device) => (device?.keepsPacked === true ? types : undefined);
}

/** @throws LabError `input` where a rank's rows of a product's weight are no whole blocks, with the ranks that would do */
export function checkBlocks(model: ModelConfig, worldSize: number, products: ProductWeights): void {
  const found = products === 'stored' ? null : cutBlock(programOn(model, worldSize));
  if (found === null) return;
  const { name, rank, width } = found;
  const others = Array.from({ length: MOST_RANKS }, (_, i) => i + 1).filter(
    (ranks) => cutBlock(programOn(model, ranks)) === null,
  );
  const use =
    others.length === 0
      ? ''
      : `${listed(others.map(String), 'or')} rank${others.join() === '1' ? '' : 's'}, or `;
  throw new LabError(
    'input',
    `Of a row of ${cut(name)} rank ${rank} of ${worldSize} holds ${width} columns, which would cut a block of ${BLOCK}. ` +
      `Use ${use}the weights as they are stored.`,
  );
}

/** Of one token: what is stored is the same for any. */
function programOn(model: ModelConfig, worldSize: number): Program {
  return modelProgram(model, worldSize, { tokens: 1, positions: 1 });
}

/**
 * @param devices by rank
 * @param costs of a pass, by rank
 * @param products how the weights of products are held
 * @throws LabError `device` where a weight is longer than an adapter allows, with how many ranks would do; `memory` where
 *   ranks on the CPU have no room together
 */
export function checkFits(
  folder: Weighed,
  positions: number,
  devices: readonly DeviceInfo[],
  costs: readonly Cost[],
  products: ProductWeights,
): void {
  const { model } = folder;
  const worldSize = devices.length;
  const typesOn = weightTypesOf(folder, products);
  for (const [rank, device] of devices.entries()) {
    const { maxTensorBytes, label } = device;
    if (maxTensorBytes === undefined) continue;
    const types = typesOn(device);
    const largestOn = (ranks: number): Largest[] => largestStored(model, ranks, positions, types);
    const { name, bytes } = largestOn(worldSize)[rank] ?? { name: '', bytes: 0 };
    if (bytes <= maxTensorBytes) continue;
    const enough = ranksFor(largestOn, worldSize, maxTensorBytes);
    const remedy =
      enough === null
        ? `Not even ${MOST_RANKS} ranks make it small enough: use another adapter or a smaller model.`
        : `Use ${enough} ranks or more, so that each holds less.`;
    throw new LabError(
      'device',
      `Of ${cut(name)} rank ${rank} holds ${inMiB(bytes)}, and ${label} allows ${inMiB(maxTensorBytes)} at a time. ${remedy}`,
      { rank },
    );
  }
  const held = costs
    .filter((_, rank) => devices[rank]?.kind === 'cpu')
    .reduce((sum, { weightBytes, kvBytes }) => sum + weightBytes + positions * kvBytes, 0);
  if (held <= SHARED_BYTES) return;
  throw new LabError(
    'memory',
    `On the CPU the ranks share ${inMiB(SHARED_BYTES)}, and ${cut(model.name)} takes ${inMiB(held)} in float32. ` +
      'Use the WebGPU device or a smaller model.',
  );
}

/** The fewest ranks, more than these, whose tensors are all short enough; null where the page has not so many. */
function ranksFor(largestOn: (ranks: number) => Largest[], worldSize: number, most: number): number | null {
  for (let ranks = worldSize + 1; ranks <= MOST_RANKS; ranks++) {
    if (largestOn(ranks).every(({ bytes }) => bytes <= most)) return ranks;
  }
  return null;
}

/** By rank. */
function largestStored(
  model: ModelConfig,
  worldSize: number,
  positions: number,
  types: WeightTypes | undefined,
): Largest[] {
  const program = modelProgram(model, worldSize, { tokens: 1, positions });
  return Array.from({ length: worldSize }, (_, rank) => {
    let largest: Largest = { name: '', bytes: 0 };
    for (const stored of program.storage) {
      const bytes = Math.max(0, ...heldBytes(program, stored, rank, types));
      if (bytes <= largest.bytes) continue;
      const parts = stored.kind === 'weight' ? stored.parts(rank) : [];
      largest = { name: parts[0]?.name ?? stored.value.label, bytes };
    }
    return largest;
  });
}

function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}
