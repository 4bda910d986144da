/** Which fields each layer has. */

import type { AttentionConfig, MlaConfig, MlpConfig, MoeConfig } from '../../math/plans/configs.ts';
import { type LayerSpec, moeOf } from '../../program/layers.ts';
import { choice, type Definition, size, toggle } from './definition.ts';

/** In the order in which controls show them. */
export function definitionsOf(spec: LayerSpec): readonly Definition[] {
  switch (spec.layer) {
    case 'linear-pair':
      return PAIR;
    case 'embedding':
    case 'head':
    case 'cross-entropy':
      return VOCABULARY;
    case 'mlp':
      return [HIDDEN, ...MLP];
    case 'attention':
      return [HIDDEN, ...ATTENTION];
    case 'mla':
      return [HIDDEN, ...MLA];
    case 'moe':
      return [HIDDEN, ...MOE];
    case 'block': {
      const { attention, mlp } = spec.config;
      return [
        HIDDEN,
        ...within('attention', attention.kind === 'attention' ? ATTENTION : MLA),
        ...within('mlp', mlp.kind === 'mlp' ? MLP : MOE),
      ];
    }
    default:
      return spec satisfies never;
  }
}

function within(part: 'attention' | 'mlp', definitions: readonly Definition[]): Definition[] {
  return definitions.map((definition) => ({ ...definition, part, path: `${part}.${definition.path}` }));
}

const HIDDEN = size('hidden', 'Hidden width', 512);

const PAIR = [HIDDEN, size('intermediate', 'Intermediate width', 2048), toggle('bias', 'Bias')];

const VOCABULARY = [
  size('vocab', 'Vocabulary', 4096),
  HIDDEN,
  choice(
    'padTo',
    'Padded to a multiple of',
    [
      { value: 1, label: 'none' },
      { value: 16, label: '16' },
      { value: 64, label: '64' },
      { value: 128, label: '128' },
    ],
    { hint: 'vLLM pads to 64, Megatron-LM to 128 times the ranks' },
  ),
];

const MLP = [
  size('intermediate', 'Intermediate width', 2048),
  choice('activation', 'Activation', [
    { value: 'swiglu', label: 'SwiGLU' },
    { value: 'gelu', label: 'GELU' },
    { value: 'gelu-tanh', label: 'GELU, tanh form' },
  ]),
  toggle('bias', 'Bias'),
  toggle('merged', 'Gate and up merged', {
    hint: 'one stored weight, cut inside each half',
    applies: (spec) => mlpOf(spec)?.activation === 'swiglu',
  }),
] satisfies readonly Definition<keyof MlpConfig>[];

const ATTENTION = [
  size('heads', 'Query heads', 64),
  size('kvHeads', 'Key/value heads', 64, { hint: 'fewer than query heads: grouped-query attention' }),
  size('headDim', 'Width of a head', 128),
  toggle('rope', 'RoPE'),
  toggle('qkvBias', 'Bias of q, k and v', { hint: 'as Qwen2' }),
  toggle('qkNorm', 'Norm of q and k', { hint: 'as Qwen3' }),
] satisfies readonly Definition<keyof AttentionConfig>[];

const MLA = [
  size('heads', 'Heads', 64),
  choice(
    'cache',
    'Cache',
    [
      { value: 'naive', label: 'keys and values' },
      { value: 'absorbed', label: 'latent vectors' },
    ],
    { hint: 'latent vectors are much smaller, and the same on every rank' },
  ),
  size('qLoraRank', 'Latent width of queries', 512, { min: 0, hint: '0: queries come from x in one step' }),
  size('kvLoraRank', 'Latent width of keys and values', 512),
  size('nopeDim', 'Head columns without RoPE', 128),
  size('ropeDim', 'Head columns with RoPE', 128, { min: 2, step: 2 }),
  size('valueDim', 'Value columns of a head', 128),
] satisfies readonly Definition<keyof MlaConfig>[];

const MOE = [
  size('intermediate', 'Width of an expert', 1024),
  size('experts', 'Experts', 64),
  size('topK', 'Experts of a token', 16),
  size('groups', 'Groups of experts', 16),
  size('topGroups', 'Groups of a token', 16, { applies: (spec) => (moeOf(spec)?.groups ?? 1) > 1 }),
  size('sharedExperts', 'Shared experts', 4, { min: 0 }),
  choice('score', 'Score', [
    { value: 'sigmoid', label: 'sigmoid' },
    { value: 'softmax', label: 'softmax' },
  ]),
  toggle('gateBias', 'Bias of the gate', { hint: 'it only selects' }),
  toggle('normalize', 'Weights add up to one'),
  choice(
    'reduce',
    'All-reduce',
    [
      { value: 'each', label: 'one for each part' },
      { value: 'once', label: 'one for both' },
    ],
    {
      hint: 'DeepSeek-V3 sums shared and routed experts apart, V3.2 together',
      applies: (spec) => (moeOf(spec)?.sharedExperts ?? 0) > 0 && !isSequenceParallel(spec),
    },
  ),
] satisfies readonly Definition<keyof MoeConfig>[];

function mlpOf(spec: LayerSpec): MlpConfig | null {
  if (spec.layer === 'mlp') return spec.config;
  return spec.layer === 'block' && spec.config.mlp.kind === 'mlp' ? spec.config.mlp : null;
}

function isSequenceParallel(spec: LayerSpec): boolean {
  return spec.layer === 'block' && spec.config.sequenceParallel;
}
