/** The sentence at the head of the page: what each rank owns, what it does alone, and what has to be put together. */

import type { Pass } from '../../../../math/plans/configs.ts';
import { type LayerPlan, stepsOf } from '../../../../math/plans/plan.ts';
import type { LayerSpec } from '../../../../program/layers.ts';
import { counted, type Phrase, type Sentence } from '../../../components/words.ts';
import { bodyOf } from './body.ts';
import { kindsInWords } from './collectiveWords.ts';

export function sentenceOf(spec: LayerSpec, plan: LayerPlan, pass: Pass): Sentence {
  const { worldSize } = plan;
  const name = NAMES[spec.layer === 'block' && spec.config.sequenceParallel ? 'block-sp' : spec.layer];
  const after = decodeWords(spec, pass);
  if (worldSize === 1) {
    return { title: `${name} on 1 rank: nothing is cut, nothing moves`, body: [...ON_ONE_RANK, ...after] };
  }
  const collectives = stepsOf(plan).flatMap((step) =>
    step.kind === 'collective' ? [{ kind: step.collective }] : [],
  );
  return {
    title: `${name} on ${counted(worldSize, 'rank')}: ${cutOf(spec)}, ${kindsInWords(collectives)}`,
    body: [...bodyOf(spec, plan, pass), ...after],
  };
}

const NAMES: Readonly<Record<LayerSpec['layer'] | 'block-sp', string>> = {
  'linear-pair': 'Linear pair',
  embedding: 'Embedding',
  head: 'Language-model head',
  'cross-entropy': 'Cross entropy',
  mlp: 'MLP',
  attention: 'Attention',
  mla: 'Latent attention',
  moe: 'Mixture of experts',
  block: 'Block',
  'block-sp': 'Sequence-parallel block',
};

const ON_ONE_RANK: readonly Phrase[] = [
  'One rank holds all the weights and does all the work. There is nobody to sum with, so its partial is already the ' +
    'result: the one that every split has to match. Choose two or more ranks to see the layer cut.',
];

function cutOf(spec: LayerSpec): string {
  switch (spec.layer) {
    case 'linear-pair':
      return 'columns, then rows';
    case 'embedding':
    case 'head':
      return 'the vocabulary is cut';
    case 'cross-entropy':
      return 'the logits stay cut';
    case 'mlp':
      return 'its width is cut';
    case 'attention':
    case 'mla':
      return 'heads are cut';
    case 'moe':
      return 'experts are dealt out';
    case 'block': {
      const halves = spec.config.mlp.kind === 'moe' ? 'heads and experts' : 'heads and columns';
      return spec.config.sequenceParallel ? 'tokens are cut too' : `${halves} are cut`;
    }
    default:
      return spec satisfies never;
  }
}

/** Nothing where the cache is empty before, or the layer has none. */
function decodeWords(spec: LayerSpec, { tokens, past }: Pass): Phrase[] {
  const cached = spec.layer === 'attention' || spec.layer === 'mla' || spec.layer === 'block';
  if (!cached || past === 0) return [];
  const all = { strong: counted(past + tokens, 'token') };
  if (tokens === 1)
    return [
      ` The cache holds ${counted(past, 'token')}: the one new token looks back at `,
      all,
      ', itself included.',
    ];
  return [
    ` The cache holds ${counted(past, 'token')}: the last of the ${tokens} new ones looks back at `,
    all,
    ', itself included.',
  ];
}
