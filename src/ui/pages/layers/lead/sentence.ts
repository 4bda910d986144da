/** The sentence at the head of the page: what each rank owns, what it does alone, and what has to be put together. */

import { type ChoiceId, LAYER_CHOICES } from '#lab/layers/params.ts';
import type { Pass } from '#program/configs.ts';
import { hasCache, type LayerSpec } from '#program/layers.ts';
import { type LayerPlan, stepsOf } from '#program/plan.ts';
import { counted, type Phrase, type Sentence } from '#ui/components/words.ts';
import { wordsOf } from '../words/registry.ts';
import { kindsInWords } from './collectiveWords.ts';

/** @param params what was chosen, of which `spec` is the layer and `plan` the plan */
export function sentenceOf(
  spec: LayerSpec,
  plan: LayerPlan,
  params: Pass & { readonly layer: ChoiceId },
): Sentence {
  const { worldSize } = plan;
  const words = wordsOf(params.layer);
  const name = words.title ?? LAYER_CHOICES.find(({ id }) => id === params.layer)?.label;
  const after = decodeWords(spec, params);
  if (worldSize === 1) {
    return { title: `${name} on 1 rank: nothing is cut, nothing moves`, body: [...ON_ONE_RANK, ...after] };
  }
  const collectives = stepsOf(plan).flatMap((step) =>
    step.kind === 'collective' ? [{ kind: step.collective }] : [],
  );
  return {
    title: `${name} on ${counted(worldSize, 'rank')}: ${words.cut(spec.config)}, ${kindsInWords(collectives)}`,
    body: [...words.body(spec.config, plan, params), ...after],
  };
}

const ON_ONE_RANK: readonly Phrase[] = [
  'One rank holds all the weights and does all the work. There is nobody to sum with, so its partial is already the ' +
    'result: the one that every split has to match. Choose two or more ranks to see the layer cut.',
];

/** Nothing where the cache is empty before, or the layer has none. */
function decodeWords(spec: LayerSpec, { tokens, past }: Pass): Phrase[] {
  if (!hasCache(spec) || past === 0) return [];
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
