/** The words for a mixture of experts. */

import type { MoeConfig } from '#program/configs.ts';
import { formula, row, sub, under } from '#ui/components/formula.ts';
import { type LayerWords, namesElsewhere, SUM } from './layerWords.ts';
import { choicesServed, expertsAside, expertsOwned } from './owned.ts';

export const mixtureOfExpertsWords: LayerWords<MoeConfig> = {
  cut: () => 'experts are dealt out',
  body(config, plan, pass) {
    return [
      'Each rank owns ',
      { strong: expertsOwned(config, plan.worldSize) },
      ' and has the whole gate, so all ranks agree on where each token goes. It runs its experts on the tokens that chose them',
      ...choicesServed(config, plan, 'tokens', pass),
      '. The sum over the ranks puts each token’s experts together.',
      ...expertsAside(config, plan.worldSize),
    ];
  },
  formula: formula(
    'y is the sum over the ranks r of the sum over the experts e of r of g e of x times expert e of x',
    'y=',
    SUM,
    under('∑', 'e∈r'),
    row(sub('g', 'e'), '(x)', sub('F', 'e'), '(x)'),
  ),
  text: 'Every rank has the gate and comes to the same choice for every token. Experts are dealt out in blocks; each rank runs its own on the tokens that chose them and leaves zeros elsewhere, so that one all-reduce gives each token the sum of its experts.',
  trap: 'The gate decides how much work a rank has. Where many tokens choose the experts of one rank, all others wait for it in the all-reduce. DeepSeek’s bias on the scores only selects: the weights come from the scores without it.',
  names: namesElsewhere('no plan of its own', 'experts, block_sparse_moe', 'MoELayer, expert model parallel'),
  counts:
    'DeepSeek-V3 sums routed and shared experts apart: 1 + 61 + 3 + 2·58 = 181 all-reduces and 1 all-gather. V3.2 adds the partials first: 123.',
};
