import { describe, expect, it } from 'vitest';
import { timelineOf } from '#lab/split/timeline.ts';
import type { SplitConfig } from '#program/split.ts';
import { planSplit } from '#program/splitPlan.ts';
import { codeOf, partsAt, sourceOf } from './code.ts';

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

function programs(): SplitConfig[] {
  return (['none', 'column', 'row', 'pair'] as const).flatMap((split) =>
    [1, 4, 5].flatMap((worldSize) =>
      [true, false].flatMap((bias) =>
        [true, false].flatMap((gatherOutput) =>
          [true, false].map((biasOnEveryRank) => ({
            ...BASE,
            split,
            worldSize,
            bias,
            gatherOutput,
            biasOnEveryRank,
          })),
        ),
      ),
    ),
  );
}

/** The code of the lines at a moment. */
function linesAt(config: SplitConfig, phase: string, product?: number): string[] {
  const plan = planSplit(config);
  const moment = timelineOf(plan).find((one) => one.phase === phase && one.product === product);
  if (moment === undefined) throw new Error(`no ${phase}`);
  const parts = partsAt(plan, moment);
  return codeOf(plan)
    .filter(({ of }) => of !== null && parts.has(of))
    .map(({ code }) => code.trim());
}

describe('codeOf', () => {
  it('has a line for every moment of every program', () => {
    for (const config of programs()) {
      const plan = planSplit(config);
      for (const moment of timelineOf(plan)) {
        const parts = partsAt(plan, moment);
        const here = codeOf(plan).filter(({ of }) => of !== null && parts.has(of));
        expect(here, `${JSON.stringify(config)} ${moment.phase}`).not.toEqual([]);
      }
    }
  });

  it('marks the wrong line and the check only where the result is wrong', () => {
    for (const config of programs()) {
      const marks = codeOf(planSplit(config)).flatMap(({ mark }) => mark ?? []);
      const { split, bias, biasOnEveryRank, worldSize } = config;
      const wrong = (split === 'row' || split === 'pair') && bias && biasOnEveryRank && worldSize > 1;
      expect(marks).toEqual(wrong ? ['wrong', 'caught'] : []);
    }
  });

  it('follows a row split', () => {
    expect(linesAt(BASE, 'cut')).toEqual([
      'self.W = shard(weights["W.weight"], dim=1)',
      'self.W_bias = weights["W.bias"]',
    ]);
    expect(linesAt(BASE, 'multiply', 0)).toEqual(['sum = F.linear(X, self.W)']);
    expect(linesAt(BASE, 'reduce-scatter')).toEqual(['dist.all_reduce(sum)']);
    expect(linesAt(BASE, 'all-gather')).toEqual(['dist.all_reduce(sum)']);
    expect(linesAt(BASE, 'bias')).toEqual(['Y = sum + self.W_bias']);
  });

  it('shows the bug as it is written in the wild', () => {
    const bug = { ...BASE, biasOnEveryRank: true };
    expect(linesAt(bug, 'multiply', 0)).toEqual(['sum = F.linear(X, self.W, self.W_bias)']);
    expect(sourceOf(codeOf(planSplit(bug)))).not.toContain('+ self.W_bias');
  });

  it('follows both products of a pair', () => {
    const pair = { ...BASE, split: 'pair' as const };
    expect(linesAt(pair, 'multiply', 0)).toEqual(['H = F.linear(X, self.A, self.A_bias)']);
    expect(linesAt(pair, 'multiply', 1)).toEqual(['sum = F.linear(H, self.B)']);
  });

  it('gathers uneven columns by broadcasts, since Gloo gathers only equal ones', () => {
    const column = { ...BASE, split: 'column' as const };
    expect(linesAt(column, 'all-gather')).toContain('dist.all_gather(parts, Y)');
    expect(linesAt({ ...column, n: 11 }, 'all-gather')).toContain('dist.broadcast(part, src=rank)');
  });
});
