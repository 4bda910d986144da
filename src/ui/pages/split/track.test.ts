import { describe, expect, it } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import { progressAt, timelineOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { segmentAt } from '#ui/components/scrubber/Track.tsx';
import { groupsOf, segmentsOf } from './track.ts';

function timelineFor(params: Partial<SplitParams>) {
  return timelineOf(planSplit(configOf({ ...DEFAULT_PARAMS, ...params })));
}

describe('groupsOf', () => {
  it('names the steps of the ring once', () => {
    expect(
      groupsOf(timelineFor({ split: 'row', ranks: 4 })).map(({ name, first, last }) => [name, first, last]),
    ).toEqual([
      ['cut', 0, 0],
      ['multiply', 1, 1],
      ['reduce-scatter', 2, 4],
      ['all-gather', 5, 7],
      ['bias', 8, 8],
      ['done', 9, 9],
    ]);
  });

  it('tells the two products of a pair apart', () => {
    const names = groupsOf(timelineFor({ split: 'pair', ranks: 2 })).map(({ name }) => name);
    expect(names.slice(1, 3)).toEqual(['X·A', 'H·B']);
  });
});

describe('segmentAt', () => {
  const segments = segmentsOf(timelineFor({ split: 'row', ranks: 4 }));

  it('is the first at the left end and the last at the right end', () => {
    expect(segmentAt(segments, 0)).toBe(0);
    expect(segmentAt(segments, 1)).toBe(segments.length - 1);
    expect(segmentAt(segments, 2)).toBe(segments.length - 1);
  });

  it('finds each segment in its middle', () => {
    const total = segments.reduce((sum, { weight }) => sum + weight, 0);
    let before = 0;
    for (const [index, { weight }] of segments.entries()) {
      expect(segmentAt(segments, (before + weight / 2) / total)).toBe(index);
      before += weight;
    }
  });
});

describe('progressAt', () => {
  it('says what has happened', () => {
    const timeline = timelineFor({ split: 'row', ranks: 3 });
    const seen = timeline.map((_, at) => progressAt(timeline, at));
    expect(seen.map(({ multiplied }) => multiplied)).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    expect(seen.map(({ ringSteps }) => ringSteps)).toEqual([0, 0, 1, 2, 3, 4, 4, 4]);
    expect(seen.map(({ biased }) => biased)).toEqual([false, false, false, false, false, false, true, true]);
  });

  it('has its bias from the start where none is added at the end', () => {
    const timeline = timelineFor({ split: 'column' });
    expect(progressAt(timeline, 0).biased).toBe(true);
  });

  it('takes a moment past the end for the last', () => {
    expect(progressAt(timelineFor({}), Number.POSITIVE_INFINITY).moment.phase).toBe('done');
  });
});
