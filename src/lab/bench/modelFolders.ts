/** The models of a benchmark: each folder is read once a run, and loaded by every group of ranks. */

import { LabError } from '../../base/errors.ts';
import { nameOfAddress } from '../../base/shown.ts';
import type { BenchCase } from '../../bench/record.ts';
import { bytesOf } from '../../numerics/dtype.ts';
import { modelProgram } from '../../program/model.ts';
import { costOf } from '../../program/plan.ts';
import { planOf } from '../../program/planOf.ts';
import { evenRoutings } from '../../program/routing.ts';
import type { ModelTask } from '../../protocol.ts';
import { readFolderAway } from '../model/folderAway.ts';
import { addressSource } from '../model/sessions.ts';

/** A model for the cases of a group. */
export interface GroupModel {
  readonly task: ModelTask;
  /** What a rank holds of it, the one that has most. */
  readonly heldBytes: number;
}

export interface ModelFolders {
  /** @param cases that all are of one model @throws LabError as readFolder() does */
  of(cases: readonly BenchCase[]): Promise<GroupModel>;
}

/** @param checkpoints addresses, by whose names cases are told apart */
export function modelFolders(checkpoints: readonly string[], signal: AbortSignal): ModelFolders {
  const read = new Map<string, ReturnType<typeof readFolderAway>>();
  const folderOf = (name: string): ReturnType<typeof readFolderAway> => {
    const address = checkpoints.find((one) => nameOfAddress(one) === name);
    if (address === undefined) throw new LabError('input', `No model of this run is called ${name}.`);
    const folder = read.get(name) ?? readFolderAway(addressSource(address), name, { signal });
    read.set(name, folder);
    return folder;
  };
  return {
    async of(cases) {
      const [{ variant, worldSize }] = cases as [BenchCase];
      const { model, source, checkpoint } = await folderOf(variant);
      // A cache may be longer than the texts that a model was made for: its passes are timed, and nobody reads them.
      const positions = Math.max(...cases.map(({ shape }) => (shape['past'] ?? 0) + (shape['m'] ?? 0)));
      const tokens = Math.max(...cases.map(({ shape }) => shape['m'] ?? 0));
      const program = modelProgram(model, worldSize, { tokens, positions });
      const plan = planOf(program, { position: 0, routings: evenRoutings(model, tokens) });
      const { weightBytes, activationBytes } = costOf(plan, 0);
      const cached = program.storage.filter(({ kind }) => kind === 'cache');
      const kvBytes = cached.reduce((sum, { value }) => {
        const [rows = 0, columns = 0] = value.shapes[0] ?? [];
        return sum + bytesOf(rows * columns, 'f32');
      }, 0);
      return {
        task: { model, positions, source, checkpoint, algorithm: 'auto' },
        heldBytes: weightBytes + kvBytes + activationBytes,
      };
    },
  };
}
