/** Whether a model has room on its devices, said before a weight is fetched: in gigabytes that takes an hour. */

import { LabError } from '../../base/errors.ts';
import { cut } from '../../base/shown.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { dtypeOf } from '../../checkpoint/safetensors.ts';
import { modelProgram } from '../../program/model.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import { heldBytes, type WeightTypes } from '../../program/packing.ts';
import type { Cost } from '../../program/plan.ts';
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

/** How a device holds the weights of a checkpoint; all in float32 where there is nothing to say. */
export function weightTypesOn(
  device: DeviceInfo | undefined,
  checkpoint: Checkpoint,
): WeightTypes | undefined {
  if (device?.keepsPacked !== true) return undefined;
  return (name) => dtypeOf(checkpoint.get(name)?.dtype ?? '') ?? 'f32';
}

/**
 * @param devices by rank
 * @param costs of a pass, by rank
 * @throws LabError `device` where a weight is longer than an adapter allows, with how many ranks would do; `memory` where
 *   ranks on the CPU have no room together
 */
export function checkFits(
  { model, checkpoint }: Pick<ModelFolder, 'model' | 'checkpoint'>,
  positions: number,
  devices: readonly DeviceInfo[],
  costs: readonly Cost[],
): void {
  const worldSize = devices.length;
  for (const [rank, device] of devices.entries()) {
    const { maxTensorBytes, label } = device;
    if (maxTensorBytes === undefined) continue;
    const types = weightTypesOn(device, checkpoint);
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
