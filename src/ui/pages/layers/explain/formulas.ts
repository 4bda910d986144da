/** The formula of each layer, as its ranks r compute it. */

import type { ReactElement } from 'react';
import type { ChoiceId } from '../../../../lab/layers/params.ts';
import { formula, row, sub, sup, under, words } from '../../../components/formula.ts';

const SUM = under('∑', 'r');

function name(text: string): ReactElement {
  return words(`${text}\u2009`);
}

export const FORMULAS: Readonly<Record<ChoiceId, ReactElement>> = {
  'linear-pair': formula(
    'y is the sum over the ranks r of x times A r times B r, plus b',
    'y=',
    SUM,
    row('(x', sub('A', 'r'), '+', sub('a', 'r'), ')', sub('B', 'r')),
    '+b',
  ),
  embedding: formula(
    'y of token t is the sum over the ranks r of row id t of E r, or zero where r does not own it',
    sub('y', 't'),
    '=',
    SUM,
    row(sub('E', 'r'), '[', sub('i', 't'), ']', words(' or 0')),
  ),
  head: formula(
    'the logits are x times E 0 transposed, beside x times E 1 transposed, and so on',
    'z=[',
    row('x', transposed('E', '0')),
    words('\u2009|\u2009'),
    row('x', transposed('E', '1')),
    words('\u2009|\u2009'),
    '…]',
  ),
  'cross-entropy': formula(
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
  mlp: formula(
    'y is the sum over the ranks r of silu of x times G r, times x times U r, all times D r',
    'y=',
    SUM,
    row('(', name('silu'), '(x', sub('G', 'r'), ')·x', sub('U', 'r'), ')', sub('D', 'r')),
  ),
  attention: formula(
    'y is the sum over the ranks r of the softmax of q r times k r transposed over the root of d, times v r, times O r',
    'y=',
    SUM,
    row(name('softmax'), '(', sub('q', 'r'), transposed('k', 'r'), '/√d)', sub('v', 'r'), sub('O', 'r')),
  ),
  moe: formula(
    'y is the sum over the ranks r of the sum over the experts e of r of g e of x times expert e of x',
    'y=',
    SUM,
    under('∑', 'e∈r'),
    row(sub('g', 'e'), '(x)', sub('F', 'e'), '(x)'),
  ),
  mla: formula(
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
  block: formula(
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
  'block-sp': formula(
    'all-reduce is all-gather of reduce-scatter; in between, rank r holds its own tokens of x',
    words('all-reduce'),
    '=',
    words('all-gather ∘ reduce-scatter'),
    ' ',
    sub('x', 'r'),
    '∈',
    sup('ℝ', 'T/p×H'),
  ),
};

function transposed(base: string, index: string): ReactElement {
  return row(sub(base, index), words('ᵀ'));
}
