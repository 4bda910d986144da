/** The words for the block. */

import type { BlockConfig } from '#program/configs.ts';
import { formula, row, sub, sup } from '#ui/components/formula.ts';
import { type LayerWords, name, namesElsewhere, PER_MODEL, SUM } from './layerWords.ts';
import { halvesAside, halvesCut, halvesOwned } from './owned.ts';

export const blockWords: LayerWords<BlockConfig> = {
  cut: (config) => `${halvesCut(config)} are cut`,
  body(config, plan, pass) {
    return [
      ...halvesOwned(config, plan, pass),
      '. What attention adds to x has to be summed, and what the MLP adds; norms and residuals are done by every rank alike.',
      ...halvesAside(config, plan.worldSize),
    ];
  },
  formula: formula(
    'x prime is x plus the sum over r of attention r of norm of x; y is x prime plus the sum over r of MLP r of norm of x prime',
    sup('x', '′'),
    '=x+',
    SUM,
    row(sub('A', 'r'), '(', name('norm'), 'x)'),
    ' y=',
    sup('x', '′'),
    '+',
    SUM,
    row(sub('M', 'r'), '(', name('norm'), sup('x', '′'), ')'),
  ),
  text: 'Two pairs of column and row splits, each ended by an all-reduce. Norms and residuals need whole rows of x, so every rank does them all; that is little work, and it keeps x the same everywhere.',
  trap: 'All ranks must hold the same bits of x, or their residuals drift apart unnoticed. A ring that adds in the same order for everybody gives them that.',
  names: namesElsewhere('parallelize_module', 'decoder layer, base_model_tp_plan', 'TransformerLayer'),
  counts: PER_MODEL,
};
