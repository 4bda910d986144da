/** A case of the model suite: a pass of a whole language model, whose tokens come from the seed. */

import { LabError } from '../../../base/errors.ts';
import { Recorder } from '../../../base/trace.ts';
import type { BenchCase } from '../../../bench/record.ts';
import { Communicator } from '../../../comm/communicator.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import { allocateGroup } from '../../../group/memory.ts';
import { type ParallelContext, parallelContext } from '../../../parallel/context.ts';
import { chunksOf, modelProgram } from '../../../program/model.ts';
import { costOf } from '../../../program/plan.ts';
import { planOf } from '../../../program/planOf.ts';
import { evenRoutings } from '../../../program/routing.ts';
import type { ModelTask } from '../../../protocol.ts';
import { seededIds } from '../layer/numbers.ts';
import { RankModel } from '../model/RankModel.ts';
import { compareElements, type Measured, paceOf } from './measured.ts';

/** Of a logit: the bound of the tests against PyTorch. */
const TOLERANCE = 1e-3;
/** Of all weights in float32: a larger model has no room a second time, unsplit, and only its ranks know its logits. */
const MOST_CHECKED_BYTES = 2 ** 30;
/** A model is some hundred operations a pass, and the trace holds all of an iteration. */
const MOST_RUNS = 16;

/** A model on a rank, and what it was made from. */
export interface Loaded {
  readonly model: RankModel;
  readonly task: ModelTask;
}

/** @param loaded with all of its weights */
export async function measuredModel(
  { rank, worldSize }: ParallelContext,
  { model, task }: Loaded,
  one: BenchCase,
  seed: number,
): Promise<Measured> {
  const { m = 0, past = 0 } = one.shape;
  const ids = seededIds(seed, 'ids', { start: 0, end: past + m }, task.model.vocab);
  const own = ids.slice(past);
  model.truncate(0);
  if (past > 0) await model.run(ids.slice(0, past));

  const forward = async (): Promise<Float32Array> => {
    model.truncate(past);
    await model.run(own);
    return model.logits();
  };
  return {
    flops: flopsOf(task, worldSize, rank, { m, past }),
    pace: paceOf(false, MOST_RUNS, 0), // the logits are on the host before the next run begins
    async run() {
      await forward();
    },
    async check() {
      const logits = await forward();
      if (rank !== 0) return { wrong: 0, maxAbsError: 0 }; // every rank has the same bits, which the model's tests see to
      const expected = await unsplitLogits(task, ids);
      if (expected === null)
        return { wrong: logits.filter((logit) => !Number.isFinite(logit)).length, maxAbsError: Number.NaN };
      return compareElements(logits, {
        length: expected.length,
        value: (i) => expected[i] as number,
        tolerance: () => TOLERANCE,
      });
    },
    free: () => model.truncate(0),
  };
}

/** @returns whether all of its weights are there @throws LabError `environment` where the network breaks */
export async function loadSome(model: RankModel): Promise<boolean> {
  const { done, failure } = await model.load();
  if (failure !== null) throw new LabError('environment', failure);
  return done;
}

/** The logits of one rank on the CPU that has the whole model; null where that is too large. */
async function unsplitLogits(task: ModelTask, ids: readonly number[]): Promise<Float32Array | null> {
  const program = modelProgram(task.model, 1, { tokens: 1, positions: task.positions });
  if (costOf(planOf(program, { position: 0 }), 0).weightBytes > MOST_CHECKED_BYTES) return null;
  const recorder = new Recorder(0, { trace: 'off' });
  const comm = new Communicator(allocateGroup(1, { arenaBytes: 0 }), { rank: 0, recorder });
  const device = createCpuDevice({ recorder, arena: comm.arena });
  try {
    const whole = new RankModel(parallelContext(comm, device), task);
    while (!(await loadSome(whole)));
    await whole.run(ids);
    return await whole.logits();
  } finally {
    device.close();
  }
}

/** Of the chunks in which a prompt goes through the model, and where experts are chosen evenly. */
function flopsOf(
  { model, positions }: ModelTask,
  worldSize: number,
  rank: number,
  { m, past }: { readonly m: number; readonly past: number },
): number {
  return chunksOf(m).reduce((sum, { start, end }) => {
    const tokens = end - start;
    const program = modelProgram(model, worldSize, { tokens, positions });
    const plan = planOf(program, { position: past + start, routings: evenRoutings(model, tokens) });
    return sum + costOf(plan, rank).flops;
  }, 0);
}
