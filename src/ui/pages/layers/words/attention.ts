/** The words for attention. */

import type { AttentionConfig } from '#program/configs.ts';
import { formula, row, sub } from '#ui/components/formula.ts';
import { type LayerWords, name, namesElsewhere, PER_MODEL, SUM, transposed } from './layerWords.ts';
import { headsAside, headsOwned } from './owned.ts';

export const attentionWords: LayerWords<AttentionConfig> = {
  cut: () => 'heads are cut',
  body(config, { worldSize }) {
    return [
      'Each rank owns ',
      ...headsOwned({ kind: 'attention', ...config }, worldSize),
      ', computes them alone, and multiplies by its rows of Wo. Only that last product has to be summed.',
      ...headsAside({ kind: 'attention', ...config }, worldSize),
    ];
  },
  formula: formula(
    'y is the sum over the ranks r of the softmax of q r times k r transposed over the root of d, times v r, times O r',
    'y=',
    SUM,
    row(name('softmax'), '(', sub('q', 'r'), transposed('k', 'r'), '/√d)', sub('v', 'r'), sub('O', 'r')),
  ),
  text: 'A head needs only its own q, k and v, so heads are dealt out: q, k and v are column splits, RoPE, KV cache and softmax never leave the rank, and o is a row split. One all-reduce adds up what the heads of all ranks contribute.',
  trap: 'With grouped queries there are fewer key/value heads than ranks before long. Then p ÷ KV ranks hold a copy of the same one, and from there on more ranks do not make the cache of a rank smaller.',
  names: namesElsewhere(
    'ColwiseParallel, RowwiseParallel',
    'q_proj, k_proj, v_proj, o_proj',
    'linear_qkv, linear_proj',
  ),
  counts: PER_MODEL,
};
