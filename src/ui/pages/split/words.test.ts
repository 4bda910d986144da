import { describe, expect, it } from 'vitest';
import type { SplitConfig } from '#program/split.ts';
import { planSplit } from '#program/splitPlan.ts';
import type { Sentence } from '#ui/components/words.ts';
import { sentenceOf } from './words.ts';

const BASE: SplitConfig = {
  split: 'row',
  worldSize: 4,
  m: 8,
  k: 16,
  n: 12,
  bias: true,
  biasOnEveryRank: false,
  gatherOutput: true,
};

function say(patch: Partial<SplitConfig>): { title: string; body: string } {
  return flat(sentenceOf(planSplit({ ...BASE, ...patch })));
}

function flat({ title, body }: Sentence): { title: string; body: string } {
  return {
    title,
    body: body.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.strong)).join(''),
  };
}

describe('no split', () => {
  it('is the baseline on one rank', () => {
    const { title, body } = say({ split: 'none', worldSize: 1 });
    expect(title).toBe('No split: one rank computes all of Y');
    expect(body).toContain('16 × 12 weights');
    expect(body).toContain('Nothing is split and nothing moves.');
  });
  it.each([
    [2, 'two'],
    [5, 'five'],
  ])('says that %d ranks did all the work', (worldSize, word) => {
    const { title, body } = say({ split: 'none', worldSize });
    expect(title).toBe(`No split on ${worldSize} ranks: every rank did all the work`);
    expect(body).toContain(`1,536 multiply-adds, ${word} times over`);
    expect(body).toContain('Nothing moved');
  });
});

describe('one rank', () => {
  it.each([
    ['column', 'Column split'],
    ['row', 'Row split'],
    ['pair', 'Column, then row'],
  ] as const)('%s says that nothing is split', (split, name) => {
    for (const gatherOutput of [true, false]) {
      const { title, body } = say({ split, worldSize: 1, gatherOutput });
      expect(title).toBe(`${name} on 1 rank: nothing is split, nothing moves`);
      expect(body).toContain('no neighbour');
    }
  });
  it('has no bug to show', () => {
    expect(say({ worldSize: 1, biasOnEveryRank: true }).body).toContain('does no harm here');
    expect(say({ worldSize: 1, split: 'column', biasOnEveryRank: true }).body).not.toContain('harm');
  });
});

describe('column split', () => {
  it('gathers', () => {
    const { title, body } = say({ split: 'column', worldSize: 2 });
    expect(title).toBe('Column split on 2 ranks: two blocks of finished columns, one all-gather');
    expect(body).toContain('multiplied all of X by its 6 columns of W');
    expect(body).toContain('round a ring in 1 step until');
  });
  it('counts only blocks that have columns', () => {
    expect(say({ split: 'column', worldSize: 8, n: 1 }).title).toContain(
      '8 ranks: one block of finished columns',
    );
  });
  it('takes uneven shares on 5 ranks', () => {
    const { body } = say({ split: 'column', worldSize: 5 });
    expect(body).toContain('3 or 2 columns of W');
    expect(body).toContain('in 4 steps');
  });
  it.each([2, 5])('without gather nothing moved on %d ranks', (worldSize) => {
    const { title, body } = say({ split: 'column', worldSize, gatherOutput: false });
    expect(title).toBe(`Column split on ${worldSize} ranks: each keeps its columns of Y, nothing moves`);
    expect(body).toContain('Nothing moved');
    expect(body).not.toContain('ring');
  });
  it('ignores the bug, which belongs to the row split', () => {
    expect(say({ split: 'column', biasOnEveryRank: true })).toEqual(say({ split: 'column' }));
  });
});

describe('row split', () => {
  it('is the sentence of the front page', () => {
    expect(say({})).toEqual({
      title: 'Row split on 4 ranks: four partial products, one all-reduce',
      body:
        'Each rank multiplied 4 columns of X by its 4 rows of W. Every result is a full-size partial of Y, ' +
        'so the ranks passed chunks round a ring in 6 steps until all of them held the sum.',
    });
  });
  it('takes uneven shares on 5 ranks', () => {
    const { body } = say({ worldSize: 5 });
    expect(body).toContain('4 or 3 columns of X by its 4 or 3 rows of W');
    expect(body).toContain('8 steps');
  });
  it('owns up to empty shards', () => {
    expect(say({ k: 3, worldSize: 5 }).body).toContain('1 or 0 columns of X');
  });
  it.each([
    [2, 'twice'],
    [5, '5 times'],
  ])('names the bug on %d ranks', (worldSize, times) => {
    const { title, body } = say({ worldSize, biasOnEveryRank: true });
    expect(title).toBe(`Row split on ${worldSize} ranks, with the bias added ${times}`);
    expect(body).toContain(`Y holds it ${times} instead of once`);
  });
  it('has no bug without a bias', () => {
    expect(say({ bias: false, biasOnEveryRank: true })).toEqual(say({ bias: false }));
  });
});

describe('pair', () => {
  it.each([
    [2, '6 columns of A', '6 rows of B', '2 steps'],
    [5, '3 or 2 columns of A', '3 or 2 rows of B', '8 steps'],
  ])('on %d ranks', (worldSize, columns, rows, steps) => {
    const { title, body } = say({ split: 'pair', worldSize });
    expect(title).toBe(`Column, then row on ${worldSize} ranks: two products, one all-reduce`);
    expect(body).toContain(columns);
    expect(body).toContain(rows);
    expect(body).toContain('Nothing moved in between');
    expect(body).toContain(steps);
  });
  it('names the bug', () => {
    expect(say({ split: 'pair', biasOnEveryRank: true }).title).toBe(
      'Column, then row on 4 ranks, with the bias added 4 times',
    );
  });
});

it('writes no exclamation mark and no double space anywhere', () => {
  for (const split of ['none', 'column', 'row', 'pair'] as const)
    for (const worldSize of [1, 2, 5])
      for (const gatherOutput of [true, false])
        for (const biasOnEveryRank of [true, false]) {
          const { title, body } = say({ split, worldSize, gatherOutput, biasOnEveryRank });
          expect(`${title} ${body}`).not.toMatch(/!| {2}|\.\.|undefined|NaN/);
          expect(body).toMatch(/\.$/);
        }
});
