/** The rank program of the Layers page: runs a layer, tells what was done, and keeps its tensors to be opened. */

import { now } from '../../../base/trace.ts';
import type { Device, Tensor } from '../../../device/device.ts';
import { type RankContext, serve } from '../../../host/serve.ts';
import { hashBits } from '../../../numerics/oracle.ts';
import { lengthOf, type Range, shardRanges } from '../../../numerics/ranges.ts';
import { parallelContext } from '../../../parallel/context.ts';
import type { LayerPlan } from '../../../program/plan.ts';
import { planLayer } from '../../../program/planOf.ts';
import type { LayerProgram, LayerRankResult, LayerTask } from '../../../protocol.ts';
import { checkUnsplit } from '../unsplit.ts';
import { Kept } from './kept.ts';
import { fanInOf, seededWeights } from './numbers.ts';
import { type PreparedPass, SeededLayer } from './SeededLayer.ts';
import { StepByStep } from './StepByStep.ts';

function createLayerProgram(context: RankContext): LayerProgram {
  const { rank, comm, device, recorder } = context;
  // The page shows the ring, whatever the size; `auto` would choose another way for small sums.
  const parallel = parallelContext(comm, device, { algorithm: 'ring' });
  let last: LastPass | null = null;

  function forget(): void {
    if (last === null) return;
    last.watched.free();
    last.prepared.free();
    device.free(last.output);
    last.seeded.free();
    last = null;
  }

  return {
    async run(task: LayerTask): Promise<LayerRankResult> {
      forget();
      const { spec, pass, seed } = task;
      const { tokens, past } = pass;
      const kept = new Kept();
      const seeded = new SeededLayer(parallel, spec, seed, past + tokens);
      const { layer } = seeded;
      await seeded.load(seededWeights(seed, fanInOf(spec), (name, block) => kept.keepWeight(name, block)));
      const { storage } = layer.program(tokens);

      const range = { start: past, end: past + tokens };
      await rehearse(device, seeded, { start: 0, end: past }, range);
      const oneGo = await inOneGo(context, seeded, range);

      const prepared = seeded.prepare(range);
      seeded.truncate(past);
      await device.sync();
      await comm.barrier();
      recorder.take();
      const watched = new StepByStep(device, recorder);
      const output = await prepared.run(watched);
      const recorded = recorder.take();

      const plan = planLayer(spec, comm.worldSize, pass, layer.routing);
      kept.keepPass(plan, rank, layer, prepared.inputs, watched.seen);
      last = { seeded, kept, prepared, watched, output };
      const values = await device.read(output);
      const whole = await wholeOutput(context, task, values);
      const check = rank === 0 ? await checkUnsplit(task, whole) : null;
      recorder.restore(recorded); // what the page is to see is the pass, and not what came after it
      return {
        rank,
        events: watched.seen.map(({ event }) => event),
        weightBytes: layer.storage.bytesOf(storage.filter(({ kind }) => kind !== 'cache')),
        kvBytes: layer.storage.bytesOf(storage.filter(({ kind }) => kind === 'cache')),
        routing: layer.routing,
        ...oneGo,
        outputHash: isSharded(plan) ? null : hashBits(values),
        check,
      };
    },

    async open(id) {
      return last === null ? null : last.kept.open(id, device);
    },
  };
}

/** What is kept of the last pass, for the page to look into. */
interface LastPass {
  readonly seeded: SeededLayer;
  readonly kept: Kept;
  readonly prepared: PreparedPass;
  readonly watched: StepByStep;
  readonly output: Tensor;
}

/** Untimed: kernels are compiled, code is warm, and the cache holds the earlier tokens. */
async function rehearse(device: Device, layer: SeededLayer, before: Range, range: Range): Promise<void> {
  if (lengthOf(before) > 0) await once(device, layer.prepare(before));
  await once(device, layer.prepare(range));
  layer.truncate(lengthOf(before));
}

/** One pass in which nothing is waited for but what it needs: the milliseconds, and what was done. */
async function inOneGo(
  { comm, device, recorder }: RankContext,
  layer: SeededLayer,
  range: Range,
): Promise<Pick<LayerRankResult, 'oneGoMs' | 'oneGoSpans'>> {
  const prepared = layer.prepare(range);
  await device.sync();
  await comm.barrier();
  recorder.take();
  const startMs = now();
  const output = await prepared.run();
  await device.sync();
  const oneGoMs = now() - startMs;
  const oneGoSpans = recorder.take().spans;
  device.free(output);
  prepared.free();
  return { oneGoMs, oneGoSpans };
}

async function once(device: Device, prepared: PreparedPass): Promise<void> {
  device.free(await prepared.run());
  prepared.free();
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

serve(createLayerProgram);
