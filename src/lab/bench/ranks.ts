/** The group of ranks on which cases with the same group key run. */

import { LabError } from '../../base/errors.ts';
import { isModelOp } from '../../bench/cases.ts';
import type { BenchCase } from '../../bench/record.ts';
import type { BenchProgram } from '../../protocol/bench.ts';
import type { DeviceInfo, ModelTask } from '../../protocol.ts';
import { arenaFor } from '../arena.ts';
import { launchRanks } from '../tuning/tuning.ts';
import { isLayerCase, layerCostOf } from './layerCost.ts';
import type { BenchGroup } from './measure.ts';
import type { GroupModel, ModelFolders } from './modelFolders.ts';

export interface Ranks {
  /** The group, started where there is none, or where a case has broken it. What could not start is not tried again. */
  ready(one: BenchCase): Promise<BenchGroup>;
  close(): Promise<void>;
}

export interface RanksOptions {
  readonly signal: AbortSignal;
  readonly onDevice: (device: DeviceInfo) => void;
  readonly folders: ModelFolders;
}

/** How long a rank may be silent: a large layer's weights take seconds to make. */
const TIMEOUT_MS = 120_000;

/** @param cases that the group is to run, one after another: of one model, or of none */
export function ranksOf(cases: readonly BenchCase[], options: RanksOptions): Ranks {
  let group: BenchGroup | null = null;
  let refusal: unknown = null;
  return {
    async ready(one) {
      if (group !== null && !group.closed) return group;
      if (refusal !== null) throw refusal;
      try {
        const model = isModelOp(one.op) ? await options.folders.of(cases) : null;
        const held = Math.max(...cases.map((each) => heldBytes(each, model)));
        group = await openGroup(one, arenaFor(held), options);
        if (model !== null) await load(group, one, model.task);
        return group;
      } catch (thrown) {
        refusal = thrown;
        throw thrown;
      }
    },
    close: async () => group?.close(),
  };
}

/** What a rank of the case holds where others can reach it: nothing where all ranks share a device. */
function heldBytes(one: BenchCase, model: GroupModel | null): number {
  if (one.placement === 'one-device' || one.op === 'gemm') return 0;
  if (model !== null) return model.heldBytes;
  if (isLayerCase(one)) return layerCostOf(one)?.heldBytes ?? 0;
  return 2 * one.bytes; // what it gives and what it gets
}

/** Portion after portion, so that no rank is silent for as long as all of it takes. */
async function load(group: BenchGroup, one: BenchCase, task: ModelTask): Promise<void> {
  let done = false;
  while (!done) done = (await group.all((rank) => rank.load(one, task))).every(Boolean);
}

async function openGroup(
  { backend, placement, worldSize }: BenchCase,
  arenaBytes: number,
  { signal, onDevice }: RanksOptions,
): Promise<BenchGroup> {
  if (backend !== 'webgpu' && backend !== 'cpu') {
    throw new LabError('input', `A page cannot run ${backend}; take it to a machine that has it.`);
  }
  const group = await launchRanks<BenchProgram>({
    worldSize: placement === 'one-device' ? 1 : worldSize,
    device: backend,
    timeoutMs: TIMEOUT_MS,
    memory: { arenaBytes },
    trace: 'all', // it is taken after every iteration, and must be whole
    signal,
    program: () =>
      new Worker(new URL('../../rank/programs/bench/bench.rank.ts', import.meta.url), { type: 'module' }),
  });
  const [device] = group.devices;
  if (device !== undefined) onDevice(device);
  return group;
}
