import { describe, expect, it } from 'vitest';
import { timelineOf } from '#lab/split/timeline.ts';
import type { SplitConfig } from '#program/split.ts';
import { planSplit } from '#program/splitPlan.ts';
import { codeOf, isAt, sourceOf } from './code.ts';
import { tokensOf } from './line.ts';

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

/** The code without its comment, of the lines at a moment. */
function linesAt(config: SplitConfig, phase: string, product?: number): string[] {
  const plan = planSplit(config);
  const moment = timelineOf(plan).find((one) => one.phase === phase && one.product === product);
  if (moment === undefined) throw new Error(`no ${phase}`);
  return codeOf(plan)
    .filter((line) => isAt(line, moment))
    .map(({ text }) => text.replace(/\s*#.*/, '').trim());
}

describe('codeOf', () => {
  it('has a line for every moment of every program', () => {
    for (const config of programs()) {
      const plan = planSplit(config);
      for (const moment of timelineOf(plan)) {
        const where = `${JSON.stringify(config)} ${moment.phase}`;
        expect(
          codeOf(plan).some((line) => isAt(line, moment)),
          where,
        ).toBe(true);
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
    expect(linesAt(BASE, 'cut')).toEqual(['self.weight = shard(weight, dim=1)']);
    expect(linesAt(BASE, 'multiply', 0)).toEqual(['y = F.linear(x, self.weight)']);
    expect(linesAt(BASE, 'reduce-scatter')).toEqual(['dist.all_reduce(y)']);
    expect(linesAt(BASE, 'all-gather')).toEqual(['dist.all_reduce(y)']);
    expect(linesAt(BASE, 'bias')).toEqual(['return y + self.bias']);
  });

  it('shows the bug as it is written in the wild', () => {
    const bug = { ...BASE, biasOnEveryRank: true };
    expect(linesAt(bug, 'multiply', 0)).toEqual(['y = F.linear(x, self.weight, self.bias)']);
    expect(sourceOf(codeOf(planSplit(bug)))).not.toContain('y + self.bias');
  });

  it('follows both products of a pair', () => {
    expect(linesAt({ ...BASE, split: 'pair' }, 'multiply', 0)).toEqual([
      'h = F.linear(x, self.a, self.a_bias)',
    ]);
    expect(linesAt({ ...BASE, split: 'pair' }, 'multiply', 1)).toEqual(['y = F.linear(h, self.b)']);
  });

  it('gathers uneven columns by broadcasts, since Gloo gathers only equal ones', () => {
    const column = { ...BASE, split: 'column' as const };
    expect(linesAt(column, 'all-gather')).toEqual(['dist.all_gather(parts, y)']);
    expect(linesAt({ ...column, n: 11 }, 'all-gather')).toContain('dist.broadcast(part, src=rank)');
  });
});

describe('tokensOf', () => {
  it('loses no character of any program', () => {
    for (const config of programs()) {
      for (const { text } of codeOf(planSplit(config))) {
        expect(
          tokensOf(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }
    }
  });
  it('tells the kinds apart', () => {
    const kinds = tokensOf('for i in f("a"): x1 = 1e-4  # in').map(
      ({ kind, text }) => `${kind}:${text.trim()}`,
    );
    expect(kinds).toEqual([
      'keyword:for',
      'plain:i',
      'keyword:in',
      'plain:f(',
      'string:"a"',
      'plain:): x1 =',
      'number:1e-4',
      'plain:',
      'comment:# in',
    ]);
  });
});
