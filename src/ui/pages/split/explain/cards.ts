import type { ReactElement } from 'react';
import type { Split } from '#program/split.ts';
import { formula, row, sub, under, words } from '#ui/components/formula.ts';

export type CardId = Exclude<Split, 'none'>;

interface Card {
  readonly id: CardId;
  readonly title: string;
  readonly formula: ReactElement;
  readonly text: string;
  /** What travels, for p ranks. */
  readonly moves: string;
}

export const CARDS: readonly Card[] = [
  {
    id: 'column',
    title: 'Column split',
    formula: formula(
      'Y is X times W0 beside X times W1',
      'Y=X·[',
      sub('W', '0'),
      words('\u2009|\u2009'),
      sub('W', '1'),
      ']=[',
      row('X', sub('W', '0')),
      words('\u2009|\u2009'),
      row('X', sub('W', '1')),
      ']',
    ),
    text: 'Each rank keeps some columns of W and computes the same columns of Y. Nothing is added up, so every bit is that of the unsplit product.',
    moves:
      'Moves: nothing, or one all-gather where somebody needs all of Y. Each rank then sends M·N·(p\u00a0−\u00a01)/p numbers.',
  },
  {
    id: 'row',
    title: 'Row split',
    formula: formula(
      'Y is X0 times W0 plus X1 times W1',
      'Y=',
      row(sub('X', '0'), sub('W', '0')),
      '+',
      row(sub('X', '1'), sub('W', '1')),
    ),
    text: 'Each rank keeps some rows of W and needs only the same columns of X. Its product has the full size of Y, but each sum in it is only begun. Adding in another order can change the last bits.',
    moves:
      'Moves: one all-reduce. Each rank sends 2·M·N·(p\u00a0−\u00a01)/p numbers: half to add up, half to hand round.',
  },
  {
    id: 'pair',
    title: 'Column, then row',
    formula: formula(
      'Y is the sum over the ranks r of X times A r times B r',
      'Y=',
      under('∑', 'r'),
      row('(', 'X', sub('A', 'r'), ')', sub('B', 'r')),
    ),
    text: 'A column split leaves its output cut just as a row split wants its input. Whatever works element by element, such as an activation, fits in between. Transformers are split like this: up and down in the MLP; q, k, v and then o in attention.',
    moves: 'Moves: one all-reduce for two products, and nothing in between.',
  },
];
