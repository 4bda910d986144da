/** The words for the embedding. */

import type { VocabConfig } from '#program/configs.ts';
import { formula, row, sub, words } from '#ui/components/formula.ts';
import { type LayerWords, namesElsewhere, SUM } from './layerWords.ts';
import { entriesOwned, paddingOf } from './owned.ts';

export const embeddingWords: LayerWords<VocabConfig> = {
  cut: () => 'the vocabulary is cut',
  body({ vocab, padTo = 1 }, { worldSize }) {
    const padding = paddingOf(vocab, padTo, worldSize);
    return [
      'Each rank owns ',
      { strong: entriesOwned(vocab, padTo, worldSize) },
      ' of the vocabulary, looks up the tokens among them, and has zeros for the others. In the sum over the ranks, each row is one rank’s numbers plus zeros, so it is exact.',
      ...(padding > 0 ? [` The last ${padding} rows are padding, which no token asks for.`] : []),
    ];
  },
  formula: formula(
    'y of token t is the sum over the ranks r of row id t of E r, or zero where r does not own it',
    sub('y', 't'),
    '=',
    SUM,
    row(sub('E', 'r'), '[', sub('i', 't'), ']', words(' or 0')),
  ),
  text: 'The table is cut by rows: each rank owns a range of ids. It looks up the ids in its range and leaves zeros for the others, so that the all-reduce adds one rank’s row to zeros, which is exact.',
  trap: 'An id of another rank must not be looked up at all: it is masked first, and its row set to zero afterwards. Without the mask it reads another row, or past the end of the table.',
  names: namesElsewhere('RowwiseParallel on nn.Embedding', 'embed_tokens', 'VocabParallelEmbedding'),
  counts: 'Once in a model: 1 all-reduce of tokens × hidden.',
};
