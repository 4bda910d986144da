/** The programs of layers, run, beside the layers of this folder: bit for bit the same, whatever the ranks. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Device, Tensor } from '../device/device.ts';
import { hasCache, type LayerSpec } from '../math/plans/layers.ts';
import { passes, specs } from '../math/plans/testing/specs.ts';
import { lengthOf, type Range } from '../math/ranges.ts';
import { layerProgram } from '../program/layers.ts';
import { buildLayer } from '../rank/programs/layer/build.ts';
import { fanInOf, ownTokens, seededIds, seededRows, seededWeights } from '../rank/programs/layer/numbers.ts';
import type { ParallelContext } from './context.ts';
import { execute, type Inputs } from './execute.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';
import { RankStorage } from './RankStorage.ts';

const SEED = 5;

it('runs as the layers do, from a cache too, and leaves nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      specs,
      fc.integer({ min: 1, max: 5 }),
      passes,
      async (spec, worldSize, { tokens, past }) => {
        fc.pre(spec.layer !== 'cross-entropy'); // ranks on one device sum, and have no largest
        const earlier = hasCache(spec) ? past : 0;
        const ranges = [
          { start: 0, end: earlier },
          { start: earlier, end: earlier + tokens },
        ].filter((range) => lengthOf(range) > 0);
        const before = await onRanks(worldSize, (context) => byLayer(context, spec, ranges));
        const after = await onRanks(worldSize, (context) => byProgram(context, spec, ranges));
        expect(after.outputs).toEqual(before.outputs);
        expect(after.left).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

async function onRanks(
  worldSize: number,
  run: (context: ParallelContext) => Promise<Float32Array>,
): Promise<{ outputs: Float32Array[]; left: number }> {
  const alive = new Set<Tensor>();
  const device = counted(createCpuDevice({ recorder: new Recorder(0) }), alive);
  const group = new OneDeviceGroup(device, worldSize);
  const ranks = Array.from({ length: worldSize }, (_, rank) => run({ comm: group.member(rank), device }));
  return { outputs: await Promise.all(ranks), left: alive.size };
}

/** A device that knows which of its tensors were not freed. */
function counted(inner: Device, alive: Set<Tensor>): Device {
  const get = (target: Device, name: string | symbol): unknown => {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...args: unknown[]): unknown => {
      const result: unknown = Reflect.apply(member, target, args);
      if (name === 'free') for (const tensor of args) alive.delete(tensor as Tensor);
      if (typeof result === 'object' && result !== null && 'shape' in result) alive.add(result as Tensor);
      return result;
    };
  };
  return new Proxy(inner, { get });
}

async function byLayer(
  context: ParallelContext,
  spec: LayerSpec,
  ranges: readonly Range[],
): Promise<Float32Array> {
  const layer = buildLayer(context, spec, SEED, ranges.at(-1)?.end ?? 0);
  layer.load(seededWeights(SEED, fanInOf(spec)));
  let values = new Float32Array(0);
  for (const range of ranges) values = (await context.device.read(await layer.prepare(range).run())).slice();
  return values;
}

async function byProgram(
  context: ParallelContext,
  spec: LayerSpec,
  ranges: readonly Range[],
): Promise<Float32Array> {
  const { comm, device } = context;
  const { rank, worldSize } = comm;
  const weights = seededWeights(SEED, fanInOf(spec));
  const storage = new RankStorage(device, rank);
  const write = (tokens: number) =>
    layerProgram(spec, worldSize, { tokens, positions: ranges.at(-1)?.end ?? 0 });
  await storage.load(write(1), {
    block: async (name, rows, cols) =>
      cols === null ? weights.vector(name, rows) : weights.matrix(name, { rows, cols }),
  });
  let values = new Float32Array(0);
  for (const range of ranges) {
    const inputs = inputsOf(context, spec, range);
    const pass = { context, storage, inputs, position: range.start };
    const { output } = await execute(write(lengthOf(range)), pass);
    values = (await device.read(output)).slice();
    device.free(output);
    if ('x' in inputs) device.free(inputs['x'] as Tensor);
  }
  storage.free();
  return values;
}

function inputsOf({ comm, device }: ParallelContext, spec: LayerSpec, tokens: Range): Inputs {
  if (spec.layer === 'embedding') return { ids: seededIds(SEED, 'ids', tokens, spec.config.vocab) };
  const block = spec.layer === 'block';
  const hidden = block ? spec.config.attention.hidden : spec.config.hidden;
  const own = block && spec.config.sequenceParallel ? ownTokens(tokens, comm.worldSize, comm.rank) : tokens;
  const x = device.tensor(seededRows(SEED, own, hidden), [lengthOf(own), hidden]);
  return { x };
}
