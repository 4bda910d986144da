/** The words for latent attention. */

import type { MlaConfig } from '#program/configs.ts';
import { formula, row, sub } from '#ui/components/formula.ts';
import { type LayerWords, name, namesElsewhere, SUM, transposed } from './layerWords.ts';
import { headsAside, headsOwned } from './owned.ts';

export const latentAttentionWords: LayerWords<MlaConfig> = {
  cut: () => 'heads are cut',
  body(config, { worldSize }) {
    return [
      'Each rank owns ',
      ...headsOwned({ kind: 'mla', ...config }, worldSize),
      '. The projections to the latent vectors are small and the same everywhere; ',
      ...(config.cache === 'naive'
        ? ['each rank caches the keys and values of its own heads. ']
        : ['what is cached is the latent vector, ', { strong: 'on every rank' }, '. ']),
      'Only the last product has to be summed.',
      ...headsAside({ kind: 'mla', ...config }, worldSize),
    ];
  },
  formula: formula(
    'c is x times C, k r is c times K r, v r is c times V r; y is the sum over r of the softmax of q r times k r transposed, times v r, times O r',
    'c=xC ',
    sub('k', 'r'),
    '=c',
    sub('K', 'r'),
    ' ',
    sub('v', 'r'),
    '=c',
    sub('V', 'r'),
    ' y=',
    SUM,
    row(name('softmax'), '(', sub('q', 'r'), transposed('k', 'r'), ')', sub('v', 'r'), sub('O', 'r')),
  ),
  text: 'Keys and values of all heads come from one short latent vector of each token. The projections to latents are small and on every rank; those from latents are column splits by heads, o is a row split, and one all-reduce is left.',
  trap: 'If the cache holds latents, it is the same on every rank: more ranks do not make it smaller. And DeepSeek’s code asserts that columns divide, not heads: the 16 heads of DeepSeek-V2-Lite pass on 32 ranks, 96 query columns each, and break in a later view of 16 // 32 = 0 heads.',
  names: namesElsewhere('no plan of its own', 'q_b_proj, kv_b_proj, kv_a_proj_with_mqa', 'MLASelfAttention'),
  counts: 'In DeepSeek-V3 61 of the 181 all-reduces are of attention.',
};
