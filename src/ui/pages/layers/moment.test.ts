import { describe, expect, it } from 'vitest';
import { planOf } from '#lab/layers/experiment.ts';
import { type ChoiceId, DEFAULT_PARAMS, LAYER_CHOICES } from '#lab/layers/params.ts';
import { normalize } from '#lab/layers/spec.ts';
import { costOf, stepsOf } from '#program/plan.ts';
import { momentSentence } from './moment.ts';

function sentences(layer: ChoiceId, ranks: number): string[] {
  const plan = planOf(normalize({ ...DEFAULT_PARAMS, layer, ranks }));
  const measured = Array.from({ length: ranks }, (_, rank) => costOf(plan, rank));
  return [...stepsOf(plan), null].map((_, at) => momentSentence({ plan, measured }, at));
}

describe('a moment of a layer, in a sentence', () => {
  it('says who does what, and what a rank has then', () => {
    expect(sentences('linear-pair', 4)).toEqual([
      'Each rank multiplies x by its part of A: rank 0 has h of columns 0–63.',
      'Each rank multiplies its h by its part of B: one of four terms, which are still to be put together.',
      'The all-reduce adds the four partials: every rank has all of y, the same bits.',
      'Every rank has all of y. None has sent more than 6 KiB.',
    ]);
    expect(sentences('attention', 4)).toContain('Each rank writes k into its k cache.');
    expect(sentences('cross-entropy', 2)).toContain(
      'The all-reduce keeps the largest of two: every rank has the same max.',
    );
    expect(sentences('block-sp', 2)).toContain(
      'The reduce-scatter adds the two partials: rank 0 has Σ of tokens 0–7.',
    );
    expect(sentences('embedding', 1).at(-1)).toBe('Rank 0 has y.');
  });

  it.each(LAYER_CHOICES.map(({ id }) => id))('has words for every step of %s', (layer) => {
    for (const ranks of [1, 2, 8]) {
      for (const sentence of sentences(layer, ranks)) {
        expect(sentence).toMatch(/^(Rank 0|Each rank|Every rank|The|There) .*[^.]\.$/);
        expect(sentence).not.toMatch(/undefined| {2}| of :| by of/);
        if (ranks === 1) expect(sentence).not.toMatch(/its part of|one of/);
      }
    }
  });
});
