/** The words for the language-model head. */

import type { VocabConfig } from '#program/configs.ts';
import { formula, row, words } from '#ui/components/formula.ts';
import { type LayerWords, namesElsewhere, transposed } from './layerWords.ts';
import { entriesOwned, paddingOf } from './owned.ts';

export const languageModelHeadWords: LayerWords<VocabConfig> = {
  cut: () => 'the vocabulary is cut',
  body({ vocab, padTo = 1 }, { worldSize }) {
    const padding = paddingOf(vocab, padTo, worldSize);
    return [
      'Each rank owns ',
      { strong: entriesOwned(vocab, padTo, worldSize) },
      ' of the vocabulary and computes their logits, finished. There is nothing to sum: the columns of all ranks are put side by side.',
      ...(padding > 0
        ? [
            ` The last ${padding} columns are padding, and get the lowest number there is, so that none ever wins.`,
          ]
        : []),
    ];
  },
  formula: formula(
    'the logits are x times E 0 transposed, beside x times E 1 transposed, and so on',
    'z=[',
    row('x', transposed('E', '0')),
    words('\u2009|\u2009'),
    row('x', transposed('E', '1')),
    words('\u2009|\u2009'),
    '…]',
  ),
  text: 'The head is a column split over the vocabulary, often with the embedding’s table. Each rank’s logits are finished; there is nothing to sum. An all-gather puts them side by side, and while generating only those of the last position are needed.',
  trap: 'The vocabulary is padded so that it divides: Megatron-LM rounds up to 128·p, vLLM to 64. Padded rows are no words, so their logits must be −∞, or one day one of them wins the argmax.',
  names: namesElsewhere(
    'ColwiseParallel on lm_head',
    'lm_head, colwise_rep',
    'ColumnParallelLinear as output_layer',
  ),
  counts: 'Once in a model: 1 all-gather, the only one of a forward pass.',
};
