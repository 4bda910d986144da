/** The classes are faces of their programs: what they give is what the program gives. */

import { expect, it } from 'vitest';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import type { Tensor } from '../device/device.ts';
import { allocateGroup } from '../group/memory.ts';
import type { LayerSpec } from '../program/layers.ts';
import { seededWeights } from '../rank/programs/layer/numbers.ts';
import { SeededLayer } from '../rank/programs/layer/SeededLayer.ts';
import { parallelContext } from './context.ts';
import * as layers from './layers.ts';
import type { Inputs } from './RankPass.ts';

const SEED = 3;
const TOKENS = 4;

const device = createCpuDevice({ recorder: new Recorder(0) });
const context = parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device);

const hidden = 8;
const rope = { theta: 1e4 };
const vocabulary = { vocab: 11, hidden };
const pair = { hidden, intermediate: 6, bias: true };
const mlp = { ...pair, activation: 'swiglu', merged: false } as const;
const heads = {
  hidden,
  heads: 4,
  kvHeads: 2,
  headDim: 4,
  rope,
  qkvBias: true,
  qkNorm: true,
  normEpsilon: 0.1,
};
const latent = {
  hidden,
  heads: 2,
  qLoraRank: 4,
  kvLoraRank: 4,
  nopeDim: 2,
  ropeDim: 2,
  valueDim: 2,
  rope,
  normEpsilon: 0.1,
  cache: 'naive',
} as const;
const experts = {
  hidden,
  intermediate: 4,
  experts: 3,
  topK: 2,
  score: 'sigmoid',
  groups: 1,
  topGroups: 1,
  gateBias: true,
  normalize: true,
  routeScale: 1,
  sharedExperts: 1,
  reduce: 'each',
} as const;
const block = {
  attention: { kind: 'attention', ...heads },
  mlp: { kind: 'mlp', ...mlp },
  normEpsilon: 0.1,
  sequenceParallel: false,
} as const;

const x = (inputs: Inputs): Tensor => inputs['x'] as Tensor;
const ids = (inputs: Inputs, name: string): readonly number[] => inputs[name] as readonly number[];

/** A spec, the class that is to be the same, and how its forward() is given the inputs. */
const FACES: readonly (readonly [LayerSpec, layers.SpecLayer, (inputs: Inputs) => Promise<Tensor>])[] = [
  rows({ layer: 'linear-pair', config: pair }, new layers.LinearPair(context, pair)),
  rows({ layer: 'mlp', config: mlp }, new layers.ParallelMLP(context, mlp)),
  rows({ layer: 'attention', config: heads }, new layers.ParallelAttention(context, heads, TOKENS)),
  rows({ layer: 'mla', config: latent }, new layers.MultiHeadLatentAttention(context, latent, TOKENS)),
  rows({ layer: 'moe', config: experts }, new layers.ParallelMoE(context, experts)),
  rows({ layer: 'block', config: block }, new layers.TransformerBlock(context, block, TOKENS)),
  rows({ layer: 'head', config: vocabulary }, new layers.ParallelLMHead(context, vocabulary)),
  given(
    { layer: 'embedding', config: vocabulary },
    new layers.VocabParallelEmbedding(context, vocabulary),
    (layer, inputs) => layer.forward(ids(inputs, 'ids')),
  ),
  given(
    { layer: 'cross-entropy', config: vocabulary },
    new layers.VocabParallelCrossEntropy(context, vocabulary),
    (layer, inputs) => layer.forward(x(inputs), ids(inputs, 'targets')),
  ),
];

it.each(FACES.map((face) => [face[0].layer, face] as const))('%s', async (_, [spec, face, forward]) => {
  const seeded = new SeededLayer(context, spec, SEED, TOKENS);
  await seeded.load(seededWeights(SEED, hidden));
  await face.load(seededWeights(SEED, hidden));
  const prepared = seeded.prepare({ start: 0, end: TOKENS });
  const expected = await device.read(await prepared.run());
  expect(expected.some((value) => value !== 0)).toBe(true);
  expect(await device.read(await forward(prepared.inputs))).toEqual(expected);
});

function given<Face extends layers.SpecLayer>(
  spec: LayerSpec,
  face: Face,
  forward: (face: Face, inputs: Inputs) => Promise<Tensor>,
) {
  return [spec, face, (inputs: Inputs) => forward(face, inputs)] as const;
}

function rows(spec: LayerSpec, face: layers.SpecLayer & { forward(x: Tensor): Promise<Tensor> }) {
  return given(spec, face, (layer, inputs) => layer.forward(x(inputs)));
}
