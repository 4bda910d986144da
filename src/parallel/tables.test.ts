/** Layers that turn alike hold one table of angles on a device, whoever built them. */

import { describe, expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Tensor } from '../device/device.ts';
import { allocateGroup } from '../group/memory.ts';
import { sum } from '../numerics/ranges.ts';
import { bytesOn } from '../program/plan.ts';
import { planOf } from '../program/planOf.ts';
import { seededWeights } from '../rank/programs/layer/numbers.ts';
import { parallelContext } from './context.ts';
import { MultiHeadLatentAttention, ParallelAttention, type SpecLayer } from './layers.ts';

const POSITIONS = 16;
const rope = { theta: 1e4 };
const shared = { hidden: 8, normEpsilon: 0.1 };
const heads = { ...shared, heads: 4, kvHeads: 2, headDim: 4, rope, qkvBias: false, qkNorm: false };
const latent = {
  ...shared,
  ...{ heads: 2, qLoraRank: 0, kvLoraRank: 4, nopeDim: 2, ropeDim: 4, valueDim: 2, rope },
  cache: 'naive',
} as const;

const device = createCpuDevice({ recorder: new Recorder(0) });
const context = parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device);

const attention = (config = heads) => new ParallelAttention(context, config, POSITIONS);
const latentAttention = () => new MultiHeadLatentAttention(context, latent, POSITIONS);
const load = (layer: SpecLayer) => layer.load(seededWeights(1, 8));

const stored = (layer: SpecLayer) => layer.program(1).storage;
const heldBy = (layer: SpecLayer): readonly Tensor[] =>
  stored(layer).flatMap(({ value }) => layer.storage.held(value));
const angles = (layer: SpecLayer) =>
  stored(layer)
    .filter(({ kind }) => kind === 'table')
    .flatMap(({ value }) => layer.storage.held(value));

/** Of the plan, at the end of the cache. */
function predicted(layer: SpecLayer): number {
  const plan = planOf(layer.program(1), { position: POSITIONS - 1 });
  return sum(plan.storage.map((one) => bytesOn(one, 0)));
}

describe('tables of angles', () => {
  it('are one for two layers of a kind, and of two kinds, that turn alike', async () => {
    const layers = [attention(), attention(), latentAttention(), latentAttention()];
    for (const layer of layers) await load(layer);
    const tensors = new Set(layers.flatMap(heldBy));
    const table = POSITIONS * heads.headDim * 4;
    expect(new Set(layers.flatMap(angles)).size).toBe(1);
    expect(sum([...tensors].map(({ length }) => 4 * length))).toBe(sum(layers.map(predicted)) - 3 * table);
    for (const layer of layers) layer.free();
  });

  it('differ where layers turn otherwise', async () => {
    const layers = [attention(), attention({ ...heads, rope: { theta: 5e5 } })];
    for (const layer of layers) await load(layer);
    expect(new Set(layers.flatMap(angles)).size).toBe(2);
    for (const layer of layers) layer.free();
  });

  it('stay until the last layer is freed, and are loaded again without harm', async () => {
    const [first, second] = [attention(), attention()];
    await load(first);
    await load(second);
    await load(second);
    const [table] = angles(first) as [Tensor];
    second.free();
    expect((await device.read(table)).slice(0, 2)).toEqual(Float32Array.of(1, 1));
    first.free();
    await expect(device.read(table)).rejects.toThrow();
  });
});
