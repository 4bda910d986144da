/** The words for a linear pair. */

import type { LinearPairConfig } from '#program/configs.ts';
import { formula, row, sub } from '#ui/components/formula.ts';
import { type LayerWords, namesElsewhere, SUM } from './layerWords.ts';
import { columnsAside, columnsOwned } from './owned.ts';

export const linearPairWords: LayerWords<LinearPairConfig> = {
  cut: () => 'columns, then rows',
  body({ intermediate }, { worldSize }) {
    return [
      'Each rank owns ',
      { strong: `${columnsOwned(intermediate, worldSize)} of A` },
      ' and the same rows of B. What its first product gives is what its second one needs, so ',
      { strong: 'nothing moves in between' },
      '. Only the second product has to be summed.',
      ...columnsAside(intermediate, worldSize),
    ];
  },
  formula: formula(
    'y is the sum over the ranks r of x times A r times B r, plus b',
    'y=',
    SUM,
    row('(x', sub('A', 'r'), '+', sub('a', 'r'), ')', sub('B', 'r')),
    '+b',
  ),
  text: 'A is cut by columns and B by rows. A rank’s columns of h are just the rows of B that it owns, so nothing moves between the two products. Each rank then has a partial of the whole y, and one all-reduce adds them up.',
  trap: 'The bias of B is added after the sum. A rank that adds it to its partial, as F.linear(x, weight, bias) before the all-reduce does, adds it p times.',
  names: namesElsewhere(
    'ColwiseParallel, RowwiseParallel',
    'colwise, rowwise',
    'ColumnParallelLinear, RowParallelLinear',
  ),
  counts: 'Every MLP and every attention is such a pair with something in between: one all-reduce each.',
};
