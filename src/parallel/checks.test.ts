import { describe, expect, it } from 'vitest';
import { LabError } from '../base/errors.ts';
import { Recorder } from '../base/trace.ts';
import { Communicator } from '../comm/communicator.ts';
import { createCpuDevice } from '../device/cpu/device.ts';
import { allocateGroup } from '../group/memory.ts';
import type { MoeConfig } from '../program/configs.ts';
import { ColumnParallelLinear } from './ColumnParallelLinear.ts';
import { parallelContext } from './context.ts';
import { KVCache } from './KVCache.ts';
import {
  LinearPair,
  MultiHeadLatentAttention,
  ParallelAttention,
  ParallelLMHead,
  ParallelMLP,
  ParallelMoE,
  TransformerBlock,
  VocabParallelEmbedding,
} from './layers.ts';
import { LayerNorm, RMSNorm } from './norms.ts';
import { OneDeviceGroup } from './OneDeviceGroup.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';

const device = createCpuDevice({ recorder: new Recorder(0) });
const context = parallelContext(new Communicator(allocateGroup(1), { rank: 0 }), device);
const rope = { theta: 1e4 };

type Sizes = Readonly<Record<string, number>>;

const mlpRest = { activation: 'swiglu', bias: false, merged: false } as const;
const attentionSizes = { hidden: 16, heads: 6, kvHeads: 3, headDim: 4 };
const attentionRest = { rope, qkvBias: false, qkNorm: true } as const;
const mlaSizes = { hidden: 16, heads: 3, kvLoraRank: 8, nopeDim: 4, ropeDim: 2, valueDim: 4 };
const moeSizes = { hidden: 16, intermediate: 8, experts: 8, topK: 2, groups: 4, topGroups: 2 };
const moeRest = {
  score: 'sigmoid',
  gateBias: true,
  normalize: true,
  routeScale: 1,
  sharedExperts: 1,
  reduce: 'each',
} as const;

const mla = ({ qLoraRank = 8, positions = 4, ...sizes }: Sizes) =>
  new MultiHeadLatentAttention(
    context,
    { ...mlaSizes, ...sizes, qLoraRank, rope, normEpsilon: 1e-6, cache: 'naive' },
    positions,
  );
const moe = (changes: Partial<MoeConfig>) =>
  new ParallelMoE(context, { ...moeSizes, ...moeRest, ...changes });
const attention = ({ positions = 4, normEpsilon = 1e-6, ...sizes }: Sizes) =>
  new ParallelAttention(context, { ...attentionSizes, ...attentionRest, ...sizes, normEpsilon }, positions);

interface Made {
  readonly name: string;
  /** What the message begins with; the name where left out. */
  readonly says?: string;
  readonly sizes: Sizes;
  /** The layer with some of the sizes changed. */
  readonly make: (changes: Sizes) => unknown;
}

const layers: readonly Made[] = [
  {
    name: 'ColumnParallelLinear',
    sizes: { inFeatures: 3, outFeatures: 4 },
    make: ({ inFeatures = 3, outFeatures = 4 }) => new ColumnParallelLinear(context, inFeatures, outFeatures),
  },
  {
    name: 'RowParallelLinear',
    sizes: { inFeatures: 3, outFeatures: 4 },
    make: ({ inFeatures = 3, outFeatures = 4 }) => new RowParallelLinear(context, inFeatures, outFeatures),
  },
  {
    name: 'LinearPair',
    says: 'linear-pair',
    sizes: { hidden: 3, intermediate: 4 },
    make: (changes) => new LinearPair(context, { hidden: 3, intermediate: 4, bias: false, ...changes }),
  },
  {
    name: 'ParallelMLP',
    says: 'mlp',
    sizes: { hidden: 3, intermediate: 4 },
    make: (changes) => new ParallelMLP(context, { hidden: 3, intermediate: 4, ...mlpRest, ...changes }),
  },
  { name: 'ParallelAttention', says: 'attention', sizes: attentionSizes, make: attention },
  { name: 'MultiHeadLatentAttention', says: 'mla', sizes: mlaSizes, make: mla },
  { name: 'ParallelMoE', says: 'moe', sizes: moeSizes, make: moe },
  {
    name: 'VocabParallelEmbedding',
    says: 'vocabulary',
    sizes: { vocab: 5, hidden: 4, padTo: 2 },
    make: (changes) => new VocabParallelEmbedding(context, { vocab: 5, hidden: 4, ...changes }),
  },
  {
    name: 'ParallelLMHead',
    says: 'vocabulary',
    sizes: { vocab: 5, hidden: 4, padTo: 2 },
    make: (changes) => new ParallelLMHead(context, { vocab: 5, hidden: 4, ...changes }),
  },
  { name: 'RMSNorm', sizes: { width: 4 }, make: ({ width = 4 }) => new RMSNorm(device, width, 1e-6) },
  { name: 'LayerNorm', sizes: { width: 4 }, make: ({ width = 4 }) => new LayerNorm(device, width, 1e-6) },
  {
    name: 'OneDeviceGroup',
    sizes: { worldSize: 2 },
    make: ({ worldSize = 2 }) => new OneDeviceGroup(device, worldSize),
  },
];

const input = (message: string | RegExp) =>
  expect.objectContaining({ code: 'input', message: expect.stringMatching(message) });

describe.each(layers)('$name', ({ name, says = name, sizes, make }) => {
  it('is made of whole numbers', () => {
    expect(() => make({})).not.toThrow();
    for (const size of Object.keys(sizes)) {
      for (const value of [0, -2, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => make({ [size]: value }), `${size} = ${value}`).toThrow(
          input(`^${says}: ${size} is ${value}; it needs to be a whole number from 1 up\\.$`),
        );
      }
    }
  });
});

describe('layers refuse', () => {
  it('what may be 0, and nothing less', () => {
    expect(() => mla({ qLoraRank: 0 })).not.toThrow();
    expect(() => moe({ sharedExperts: 0 })).not.toThrow();
    const from0 = (name: string) =>
      input(`: ${name} is (-1|0\\.5|NaN); it needs to be a whole number from 0 up`);
    for (const value of [-1, 0.5, Number.NaN]) {
      expect(() => mla({ qLoraRank: value })).toThrow(from0('qLoraRank'));
      expect(() => moe({ sharedExperts: value })).toThrow(from0('sharedExperts'));
      expect(() => new KVCache(value)).toThrow(from0('capacity'));
      expect(() => new KVCache(4).truncate(value)).toThrow(from0('length'));
    }
  });

  it('a cache without room for a token', () => {
    for (const positions of [-1, 0, 0.5, Number.NaN]) {
      const from1 = input(`: (positions|capacity) is ${positions}; it needs to be a whole number`);
      expect(() => mla({ positions })).toThrow(from1);
      expect(() => attention({ positions })).toThrow(from1);
    }
  });

  it('heads that do not fit each other', () => {
    expect(() => attention({ kvHeads: 4 })).toThrow(
      input(/^4 key\/value heads do not divide 6 heads\. Use a number that does\.$/),
    );
    expect(() => attention({ kvHeads: 12 })).toThrow(input(/12 key\/value heads do not divide 6 heads/));
    expect(() => attention({ headDim: 5 })).toThrow(
      input(/5 columns of a head do not divide by 2 in a pair/),
    );
    expect(() => mla({ ropeDim: 3 })).toThrow(input(/3 columns that turn do not divide by 2 in a pair/));
  });

  it('experts that cannot be chosen', () => {
    expect(() => moe({ groups: 3 })).toThrow(input(/8 experts do not divide by 3 groups/));
    expect(() => moe({ topK: 5 })).toThrow(
      input(/the best 5 experts of the best 2 of 4 groups cannot be chosen/),
    );
    expect(() => moe({ topGroups: 5 })).toThrow(
      input(/the best 5 of 4 groups cannot be chosen; a group has 2\./),
    );
    expect(() => moe({ routeScale: Number.NaN })).toThrow(input(/routeScale is NaN/));
  });

  it('an ε that makes NaN of everything, or of some', () => {
    for (const epsilon of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new RMSNorm(device, 4, epsilon)).toThrow(input(/^RMSNorm: ε is/));
      expect(() => new LayerNorm(device, 4, epsilon)).toThrow(input(/^LayerNorm: ε is/));
      expect(() => attention({ normEpsilon: epsilon })).toThrow(input(/ε is/));
    }
  });

  it('ranges that are not a rank’s features', () => {
    for (const ranges of [[], [{ start: 0, end: 5 }], [{ start: 0.5, end: 2 }], [{ start: 3, end: 2 }]]) {
      const said = input(/the ranges are .*; 1 are needed, one a rank, among 4 features\.$/);
      expect(() => new ColumnParallelLinear(context, 3, 4, { ranges })).toThrow(said);
      expect(() => new RowParallelLinear(context, 4, 3, { ranges })).toThrow(said);
    }
  });

  it('a block whose parts are not equally wide', () => {
    const config = {
      attention: { kind: 'attention', ...attentionSizes, ...attentionRest, normEpsilon: 1e-6 },
      mlp: { kind: 'mlp', hidden: 15, intermediate: 8, ...mlpRest },
      normEpsilon: 1e-6,
      sequenceParallel: false,
    } as const;
    expect(() => new TransformerBlock(context, config, 4)).toThrow(
      input(/attention is 16 wide and the MLP 15/),
    );
    expect(() => new TransformerBlock(context, config, 4)).toThrow(LabError);
  });
});
