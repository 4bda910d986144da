/** Layers of every kind with small sizes that need not divide by anything, for property tests. */

import fc from 'fast-check';
import type {
  AttentionConfig,
  BlockConfig,
  MlaConfig,
  MlpConfig,
  MoeConfig,
  Pass,
  VocabConfig,
} from '../configs.ts';
import { type ConfigOf, LAYER_NAMES, type LayerName, type LayerSpec } from '../layers.ts';

const rope = { theta: 10_000 };
const size = fc.integer({ min: 1, max: 20 });

export const passes: fc.Arbitrary<Pass> = fc.record({
  tokens: fc.integer({ min: 1, max: 9 }),
  past: fc.integer({ min: 0, max: 5 }),
});

export const worldSizes = fc.integer({ min: 1, max: 9 });

export const mlps: fc.Arbitrary<MlpConfig> = fc.record({
  hidden: size,
  intermediate: size,
  activation: fc.constantFrom('swiglu', 'gelu', 'gelu-tanh'),
  bias: fc.boolean(),
  merged: fc.boolean(),
});

export const attentions: fc.Arbitrary<AttentionConfig> = fc
  .record({
    hidden: size,
    group: fc.integer({ min: 1, max: 4 }),
    kvHeads: fc.integer({ min: 1, max: 5 }),
    headDim: fc.constantFrom(2, 4),
    rope: fc.constantFrom(null, rope),
    qkvBias: fc.boolean(),
    qkNorm: fc.boolean(),
    normEpsilon: fc.constant(1e-6),
    window: fc.constantFrom(undefined, 1, 3),
  })
  .map(({ group, window, ...config }) => ({
    ...config,
    ...(window !== undefined && { window }),
    heads: group * config.kvHeads,
  }));

export const mlas: fc.Arbitrary<MlaConfig> = fc.record({
  hidden: size,
  heads: fc.integer({ min: 1, max: 6 }),
  qLoraRank: fc.constantFrom(0, 3, 5),
  kvLoraRank: fc.integer({ min: 1, max: 6 }),
  nopeDim: fc.integer({ min: 1, max: 4 }),
  ropeDim: fc.constantFrom(2, 4),
  valueDim: fc.integer({ min: 1, max: 4 }),
  rope: fc.constant(rope),
  normEpsilon: fc.constant(1e-6),
  cache: fc.constantFrom('naive', 'absorbed'),
});

export const moes: fc.Arbitrary<MoeConfig> = fc
  .record({
    hidden: size,
    intermediate: fc.integer({ min: 1, max: 8 }),
    experts: fc.integer({ min: 1, max: 10 }),
    best: fc.integer({ min: 1, max: 4 }),
    score: fc.constantFrom<MoeConfig['score']>('sigmoid', 'softmax'),
    gateBias: fc.boolean(),
    sharedExperts: fc.integer({ min: 0, max: 2 }),
    reduce: fc.constantFrom<MoeConfig['reduce']>('each', 'once'),
  })
  .map(({ best, ...config }) => ({
    ...config,
    topK: Math.min(best, config.experts),
    groups: 1,
    topGroups: 1,
    normalize: true,
    routeScale: 1,
  }));

const blockConfigs: fc.Arbitrary<BlockConfig> = fc
  .record({
    attention: fc.oneof(
      attentions.map((config) => ({ kind: 'attention' as const, ...config })),
      mlas.map((config) => ({ kind: 'mla' as const, ...config })),
    ),
    mlp: fc.oneof(
      mlps.map((config) => ({ kind: 'mlp' as const, ...config })),
      moes.map((config) => ({ kind: 'moe' as const, ...config })),
    ),
    norm: fc.constantFrom('rms', 'layer'),
    sequenceParallel: fc.boolean(),
  })
  .map(({ attention, mlp, norm, sequenceParallel }) => ({
    attention,
    mlp: { ...mlp, hidden: attention.hidden },
    norm,
    normEpsilon: 1e-6,
    sequenceParallel,
  }));

export const blocks = blockConfigs.map((config) => ({ layer: 'block' as const, config }));

/** No padding: what a padded vocabulary adds is no part of the layer without it. */
const vocabularies: fc.Arbitrary<VocabConfig> = fc.record({ vocab: size, hidden: size });

const inBlocks = fc.integer({ min: 1, max: 5 });

const configs: { readonly [Name in LayerName]: fc.Arbitrary<ConfigOf<Name>> } = {
  'linear-pair': fc.record({ hidden: size, intermediate: size, bias: fc.boolean(), blocks: inBlocks }),
  embedding: vocabularies,
  head: vocabularies,
  'cross-entropy': vocabularies,
  mlp: fc.tuple(mlps, inBlocks).map(([config, blocks]) => ({ ...config, blocks })),
  attention: attentions,
  moe: moes,
  mla: mlas,
  block: blockConfigs,
  'parallel-block': blockConfigs.map(({ sequenceParallel: _, ...config }) => config),
};

export const specs: fc.Arbitrary<LayerSpec> = fc.oneof(
  ...LAYER_NAMES.map((layer) =>
    (configs[layer] as fc.Arbitrary<object>).map((config) => ({ layer, config }) as LayerSpec),
  ),
);
