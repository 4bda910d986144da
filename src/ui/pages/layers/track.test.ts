import { describe, expect, it } from 'vitest';
import { stepsOf } from '#program/plan.ts';
import { planLayer } from '#program/planOf.ts';
import { groupsOf, momentOf, segmentsOf } from './track.ts';

const plan = planLayer({ layer: 'linear-pair', config: { hidden: 8, intermediate: 16, bias: true } }, 2, {
  tokens: 4,
  past: 0,
});

describe('the track of a plan', () => {
  it('has a segment a step, and one for all that is done', () => {
    const segments = segmentsOf(plan);
    expect(segments.map(({ key }) => key)).toEqual([...stepsOf(plan).map(({ id }) => id), 'all done']);
    expect(new Set(segments.map(({ key }) => key)).size).toBe(segments.length);
  });

  it('is named by stages', () => {
    expect(groupsOf(plan).map(({ name, first, last }) => [name, first, last])).toEqual([
      ['column split', 0, 0],
      ['row split', 1, 1],
      ['all-reduce', 2, 2],
      ['bias', 3, 3],
      ['done', 4, 4],
    ]);
  });

  it('says which stage and step a moment is', () => {
    expect(momentOf(plan, 0)).toEqual({ phase: 'column split', label: 'x·Aᵀ' });
    expect(momentOf(plan, 2)).toEqual({ phase: 'all-reduce', label: 'all-reduce' });
    expect(momentOf(plan, 4)).toEqual({ phase: 'done', label: 'done' });
    expect(momentOf(plan, Number.POSITIVE_INFINITY)).toEqual({ phase: 'done', label: 'done' });
  });
});
