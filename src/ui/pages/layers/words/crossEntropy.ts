/** The words for the cross entropy. */

import type { VocabConfig } from '#program/configs.ts';
import { formula, sub, sup, under, words } from '#ui/components/formula.ts';
import { type LayerWords, name, namesElsewhere, SUM } from './layerWords.ts';
import { entriesOwned, paddingOf } from './owned.ts';

export const crossEntropyWords: LayerWords<VocabConfig> = {
  cut: () => 'the logits stay cut',
  body({ vocab, padTo = 1 }, { worldSize }) {
    const padding = paddingOf(vocab, padTo, worldSize);
    return [
      'Each rank computes the logits of ',
      { strong: entriesOwned(vocab, padTo, worldSize) },
      ' of the vocabulary and keeps them. ',
      { strong: 'Three numbers a token' },
      ' are all that the ranks exchange: the largest logit, the target’s logit, and the sum of the exponentials.',
      ...(padding > 0 ? [` The last ${padding} entries are padding, and weigh nothing.`] : []),
    ];
  },
  formula: formula(
    'the loss is m plus the logarithm of the sum over the ranks of the sum over v of e to the z v minus m, minus the logit of the target',
    words('loss'),
    '=m+',
    name('log'),
    SUM,
    under('∑', 'v∈r'),
    sup('e', 'z−m'),
    '−',
    sub('z', 't'),
    ' m=',
    under(words('max'), 'r'),
    words('\u2009'),
    'z',
  ),
  text: 'The logits stay cut over the vocabulary. A softmax needs their largest and the sum of their exponentials, and the loss the target’s logit: three all-reduces of one number a token, however large the vocabulary.',
  trap: 'To gather the logits first would be right too, and move tokens × vocabulary numbers in place of three a token. The target’s logit is 0 on all ranks but the one that owns it.',
  names: namesElsewhere('loss_parallel()', 'not split', 'vocab_parallel_cross_entropy'),
  counts:
    'While training only: 3 all-reduces forward, 0 backward, as the gradient softmax − onehot is local.',
};
