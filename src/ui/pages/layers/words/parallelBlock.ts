/** The words for the parallel block. */

import type { ParallelBlockConfig } from '#program/parallelBlock.ts';
import { formula, row, sub } from '#ui/components/formula.ts';
import { type LayerWords, name, SUM } from './layerWords.ts';
import { halvesAside, halvesCut, halvesOwned } from './owned.ts';

export const parallelBlockWords: LayerWords<ParallelBlockConfig> = {
  cut: (config) => `${halvesCut(config)} are cut`,
  body(config, plan, pass) {
    return [
      ...halvesOwned(config, plan, pass),
      '. Attention and MLP both read norm(x), so neither waits for the other: each rank adds up what it has of the two, and ',
      { strong: 'one sum over the ranks' },
      ' serves both.',
      ...halvesAside(config, plan.worldSize),
    ];
  },
  formula: formula(
    'y is x plus the sum over r of attention r of norm of x plus MLP r of norm of x',
    'y=x+',
    SUM,
    row('(', sub('A', 'r'), '(', name('norm'), 'x)+', sub('M', 'r'), '(', name('norm'), 'x))'),
  ),
  text: 'Attention and MLP stand beside each other and not one behind the other, and read the same norm of x. A rank adds its two partials before anything is sent, and one all-reduce is left of two. GPT-J, PaLM and Command R are built so; the model that the sizes here are from is not.',
  trap: 'It is another layer, and no faster way to compute a block: with weights that were trained for the one behind the other, y is another. And the biases of row splits wait for the one sum; a rank that adds them to its partials adds them p times.',
  names: [
    { where: 'Hugging Face', name: 'GPTJBlock, CohereDecoderLayer' },
    { where: 'GPT-NeoX', name: 'gpt_j_residual with gpt_j_tied' },
  ],
  counts:
    'A model of L such blocks has L + 1 all-reduces in a forward pass, where blocks with two sums make it 2·L + 1, and 1 all-gather for its head.',
};
