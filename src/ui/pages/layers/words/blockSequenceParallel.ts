/** The words for the block with sequence parallelism. */

import type { BlockConfig } from '#program/configs.ts';
import { formula, sub, sup, words } from '#ui/components/formula.ts';
import { type LayerWords, namesElsewhere } from './layerWords.ts';
import { halvesAside, halvesOwned, tokensOwned } from './owned.ts';

export const blockSequenceParallelWords: LayerWords<BlockConfig> = {
  title: 'Sequence-parallel block',
  cut: () => 'tokens are cut too',
  body(config, plan, pass) {
    return [
      ...halvesOwned(config, plan, pass),
      '. Between the products it keeps only ',
      { strong: tokensOwned(pass.tokens, plan.worldSize) },
      ': what would be an all-reduce is a reduce-scatter now, and an all-gather once norm and residual are done. The bytes on the wire are the same.',
      ...halvesAside(config, plan.worldSize),
    ];
  },
  formula: formula(
    'all-reduce is all-gather of reduce-scatter; in between, rank r holds its own tokens of x',
    words('all-reduce'),
    '=',
    words('all-gather ∘ reduce-scatter'),
    ' ',
    sub('x', 'r'),
    '∈',
    sup('ℝ', 'T/p×H'),
  ),
  text: 'Each all-reduce is taken apart into its halves. After the reduce-scatter a rank holds the sums of its own tokens only, does their norm and residual alone, and an all-gather brings the tokens together before the next product.',
  trap: 'It saves memory and not bytes: a ring all-reduce is a reduce-scatter and an all-gather anyway. What shrinks to 1/p are the activations in between, which training has to keep.',
  names: namesElsewhere('SequenceParallel', 'sequence_parallel', '--sequence-parallel'),
  counts: '2 reduce-scatters and 2 all-gathers a block, with the bytes of its 2 all-reduces.',
};
