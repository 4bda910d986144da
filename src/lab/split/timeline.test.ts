import { describe, expect, it } from 'vitest';
import { planSplit } from '../../program/splitPlan.ts';
import { configOf, DEFAULT_PARAMS, type SplitParams } from './params.ts';
import { timelineOf } from './timeline.ts';

const phases = (patch: Partial<SplitParams>): string =>
  timelineOf(planSplit(configOf({ ...DEFAULT_PARAMS, ...patch })))
    .map((moment) => moment.phase)
    .join(' ');

describe('timelineOf', () => {
  it.each([
    [
      { split: 'row', ranks: 3 },
      'cut multiply reduce-scatter reduce-scatter all-gather all-gather bias done',
    ],
    [{ split: 'row', ranks: 2, bias: false }, 'cut multiply reduce-scatter all-gather done'],
    [{ split: 'row', ranks: 2, biasOnEveryRank: true }, 'cut multiply reduce-scatter all-gather done'],
    [{ split: 'row', ranks: 1 }, 'cut multiply bias done'],
    [{ split: 'column', ranks: 3 }, 'cut multiply all-gather all-gather done'],
    [{ split: 'column', ranks: 3, gatherOutput: false }, 'cut multiply done'],
    [{ split: 'pair', ranks: 2 }, 'cut multiply multiply reduce-scatter all-gather bias done'],
    [{ split: 'none', ranks: 4 }, 'cut multiply done'],
  ] as const)('%j', (patch, expected) => {
    expect(phases(patch)).toBe(expected);
  });
});
