import { describe, expect, test } from 'vitest';
import { configOf, DEFAULT_PARAMS, type SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { ringOf, timelineOf } from '#lab/split/timeline.ts';
import { planSplit } from '#program/splitPlan.ts';
import { momentSentence } from './moment.ts';

/** The sentences of all moments, for a run whose ring did what its schedule says. */
function sentences(patch: Partial<SplitParams>): string[] {
  const params = { ...DEFAULT_PARAMS, ...patch };
  const plan = planSplit(configOf(params));
  const ring = ringOf(plan) ?? [];
  const ringSteps = (ring[0]?.steps ?? []).map((_, index) =>
    ring.map((schedule, rank) => ({ ...schedule.steps[index], rank, index })),
  );
  const run = {
    params,
    plan,
    timeline: timelineOf(plan),
    ringSteps,
    bytesSent: [576],
  } as unknown as SplitRun;
  return run.timeline.map((_, at) => momentSentence(run, at));
}

describe('each moment in a sentence', () => {
  test('of a row split, term by term', () => {
    expect(sentences({ split: 'row', ranks: 4 })).toEqual([
      'Each rank takes 4 rows of W, and the same columns of X.',
      'Each rank multiplies its columns of X by its rows of W: four partials, each as large as Y.',
      'Rank 0 adds chunk 2 from rank 3: it now holds 2 of 4 terms of it; all others likewise.',
      'Rank 0 adds chunk 1 from rank 3: it now holds 3 of 4 terms of it; all others likewise.',
      'Rank 0 adds chunk 0 from rank 3: it now holds all 4 terms of it; all others likewise.',
      'Rank 0 copies the finished chunk 3 from rank 3: it now holds 2 of 4; all others likewise.',
      'Rank 0 copies the finished chunk 2 from rank 3: it now holds 3 of 4; all others likewise.',
      'Rank 0 copies the finished chunk 1 from rank 3: it now holds all 4; all others likewise.',
      'Every rank has the sum now, and adds the bias to it: once.',
      'Every rank has all of Y. None has sent more than 576 bytes.',
    ]);
  });

  test('of the other splits', () => {
    expect(sentences({ split: 'column', ranks: 2 })).toEqual([
      'Each rank takes 6 columns of W, and all of X.',
      'Each rank multiplies X by its columns of W, and has the same columns of Y: finished.',
      'Rank 0 copies the columns of rank 1 from rank 1: it now holds all 2; the other likewise.',
      'Every rank has all of Y. None has sent more than 576 bytes.',
    ]);
    expect(sentences({ split: 'column', ranks: 2, gatherOutput: false }).at(-1)).toBe(
      'Each rank has its columns of Y, and has sent nothing.',
    );
    expect(sentences({ split: 'pair', ranks: 2, bias: false })[0]).toBe(
      'Each rank takes 6 columns of A and 6 rows of B, and all of X.',
    );
    expect(sentences({ split: 'none', ranks: 3 })[1]).toBe('Each rank multiplies X by W, and has all of Y.');
    expect(sentences({ ranks: 1 }).join(' ')).toContain('Rank 0 multiplies X by W: that is Y.');
  });
});
