/** The rank program of the Layers page: runs a layer, tells what was done, and keeps its tensors to be opened. */

import { now } from '../../../base/trace.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { steppedDevice } from '../../../device/steppedDevice.ts';
import { hashBits } from '../../../math/oracle.ts';
import { planLayer } from '../../../math/plans/layers.ts';
import type { LayerPlan } from '../../../math/plans/plan.ts';
import { lengthOf, type Range, shardRanges } from '../../../math/ranges.ts';
import type { ParallelContext } from '../../../parallel/context.ts';
import type { LayerProgram, LayerRankResult, LayerTask } from '../../../protocol.ts';
import type { RankContext } from '../../serve.ts';
import { buildLayer, type PreparedPass, type RunnableLayer } from './build.ts';
import { checkUnsplit } from './checkUnsplit.ts';
import { toLayerEvent } from './events.ts';
import { Kept } from './kept.ts';
import { fanInOf, seededWeights } from './numbers.ts';

export function createLayerProgram(context: RankContext): LayerProgram {
  const { rank, comm, recorder } = context;
  const device = steppedDevice(context.device, recorder);
  // The page shows the ring, whatever the size; `auto` would choose another way for small sums.
  const parallel: ParallelContext = { comm, device, algorithm: 'ring' };
  let last: { layer: RunnableLayer; kept: Kept; tensors: readonly Tensor[] } | null = null;

  function forget(): void {
    if (last === null) return;
    device.release();
    device.free(...last.tensors);
    last.layer.free();
    last = null;
  }

  return {
    async run(task: LayerTask): Promise<LayerRankResult> {
      forget();
      const { spec, pass, seed } = task;
      const { tokens, past } = pass;
      const kept = new Kept();
      device.count();
      const layer = buildLayer(parallel, spec, seed, past + tokens);
      const weights = seededWeights(seed, fanInOf(spec), (name, block) => kept.keepWeight(name, block));
      recorder.take();
      layer.load(weights);
      await device.sync();
      const loaded = device.count();

      const before = { start: 0, end: past };
      const range = { start: past, end: past + tokens };
      await rehearse(device, layer, before, range);
      const oneGoMs = await inOneGo(context, device, layer, range);

      const prepared = layer.prepare(range);
      layer.truncate(past);
      await device.sync();
      await comm.barrier();
      recorder.take();
      device.begin();
      const output = await prepared.run();
      const events = await device.end();
      const recorded = recorder.take();

      const plan = planLayer(spec, comm.worldSize, pass, layer.routing());
      kept.keepPass(plan, rank, prepared.inputs, events);
      last = { layer, kept, tensors: [...Object.values(prepared.inputs), output] };
      const values = await device.read(output);
      const whole = await wholeOutput(context, task, values);
      const check = rank === 0 ? await checkUnsplit(task, whole) : null;
      recorder.restore(recorded); // what the page is to see is the pass, and not what came after it
      return {
        rank,
        events: events.map(toLayerEvent),
        weightBytes: loaded.uploadedBytes,
        kvBytes: loaded.zeroedBytes,
        routing: layer.routing(),
        oneGoMs,
        outputHash: isSharded(plan) ? null : hashBits(values),
        check,
      };
    },

    async open(id) {
      return last === null ? null : last.kept.open(id, device);
    },
  };
}

/** Untimed: kernels are compiled, code is warm, and the cache holds the earlier tokens. */
async function rehearse(device: Device, layer: RunnableLayer, before: Range, range: Range): Promise<void> {
  if (lengthOf(before) > 0) await once(device, layer.prepare(before));
  await once(device, layer.prepare(range));
  layer.truncate(lengthOf(before));
}

/** Milliseconds of one pass in which nothing is waited for but what it needs. */
async function inOneGo(
  { comm, recorder }: RankContext,
  device: Device,
  layer: RunnableLayer,
  range: Range,
): Promise<number> {
  const prepared = layer.prepare(range);
  await device.sync();
  await comm.barrier();
  const startMs = now();
  const output = await prepared.run();
  await device.sync();
  const elapsedMs = now() - startMs;
  device.free(output, ...Object.values(prepared.inputs));
  recorder.take();
  return elapsedMs;
}

async function once(device: Device, { inputs, run }: PreparedPass): Promise<void> {
  const output = await run();
  device.free(output, ...Object.values(inputs));
}

/** The output with the tokens of all ranks, where each has its own. */
async function wholeOutput(
  { comm }: RankContext,
  { spec, pass }: LayerTask,
  values: Float32Array,
): Promise<Float32Array> {
  if (spec.layer !== 'block' || !spec.config.sequenceParallel) return values;
  const { hidden } = spec.config.attention;
  const counts = shardRanges(pass.tokens, comm.worldSize).map((range) => lengthOf(range) * hidden);
  return comm.allGather(values, counts);
}

function isSharded(plan: LayerPlan): boolean {
  return plan.tensors.get(plan.output)?.placement.kind === 'sharded';
}
