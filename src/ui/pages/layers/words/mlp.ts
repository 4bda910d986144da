/** The words for the MLP. */

import type { MlpConfig } from '#program/configs.ts';
import { formula, row, sub } from '#ui/components/formula.ts';
import { type LayerWords, name, namesElsewhere, PER_MODEL, SUM } from './layerWords.ts';
import { columnsAside, columnsOwned } from './owned.ts';

export const mlpWords: LayerWords<MlpConfig> = {
  cut: () => 'its width is cut',
  body({ intermediate, activation, bias }, { worldSize }) {
    return [
      'Each rank owns ',
      { strong: columnsOwned(intermediate, worldSize) },
      activation === 'swiglu' ? ' of gate and up' : ' of up',
      ' and the same rows of down, so the activation needs nobody else’s numbers. Only the last product has to be summed',
      bias ? ', and the bias comes after the sum, once.' : '.',
      ...columnsAside(intermediate, worldSize),
    ];
  },
  formula: formula(
    'y is the sum over the ranks r of silu of x times G r, times x times U r, all times D r',
    'y=',
    SUM,
    row('(', name('silu'), '(x', sub('G', 'r'), ')·x', sub('U', 'r'), ')', sub('D', 'r')),
  ),
  text: 'gate and up are column splits, down is a row split. silu and the product work element by element, on a rank’s own columns of both, so that nothing moves before the last product.',
  trap: 'Where gate and up are stored as one weight, it is cut inside each half: rank r takes slice r of gate and slice r of up. Cut across the seam, half of the ranks would have only gates.',
  names: namesElsewhere(
    'ColwiseParallel, RowwiseParallel',
    'gate_proj, up_proj, down_proj',
    'linear_fc1 (gate and up merged), linear_fc2',
  ),
  counts: PER_MODEL,
};
