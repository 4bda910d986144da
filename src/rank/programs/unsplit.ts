/** A layer on one rank, unsplit, on the CPU: what the result of several is compared with. */

import { Recorder } from '../../base/trace.ts';
import { Communicator } from '../../comm/communicator.ts';
import { createCpuDevice } from '../../device/cpu/device.ts';
import { allocateGroup } from '../../group/memory.ts';
import { type ParallelContext, parallelContext } from '../../parallel/context.ts';
import type { Weights } from '../../parallel/weights.ts';
import type { Pass } from '../../program/configs.ts';
import type { RunnableLayer } from './layer/SeededLayer.ts';

/** The output of one pass of a layer that `build` makes anew. */
export async function runUnsplit(
  build: (context: ParallelContext) => RunnableLayer,
  weights: Weights,
  { tokens, past }: Pass,
): Promise<Float32Array> {
  const recorder = new Recorder(0, { trace: 'off' });
  const comm = new Communicator(allocateGroup(1, { arenaBytes: 0 }), { rank: 0, recorder });
  const device = createCpuDevice({ recorder });
  const layer = build(parallelContext(comm, device));
  await layer.load(weights);
  if (past > 0) await layer.prepare({ start: 0, end: past }).run();
  const y = await layer.prepare({ start: past, end: past + tokens }).run();
  const values = await device.read(y);
  device.close();
  return values;
}
