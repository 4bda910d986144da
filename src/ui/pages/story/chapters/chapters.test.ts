/** No chapter keeps an answer: each is held here against numbers that were come by another way, over many rounds. */

import { describe, expect, test } from 'vitest';
import { additionOrder, ringSchedule } from '#collectives/schedule.ts';
import { DEFAULT_PARAMS as LAYER } from '#lab/layers/params.ts';
import { problemWith as layerProblem } from '#lab/layers/problem.ts';
import { DEFAULT_PARAMS, problemWith, type SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { type Answer, isComplete, isRight, type Verdict } from '#lab/story/chapter.ts';
import { type CutsRun, collectivesOf, type StoryLab } from '#lab/story/lab.ts';
import { cutPairProgram } from '#program/cutPair.ts';
import { rangeNote } from '#program/cuts.ts';
import { planOf } from '#program/planOf.ts';
import { headShares } from '#program/shares.ts';
import { planSplit } from '#program/splitPlan.ts';
import { textPartsOf } from '#ui/components/term/glossary.ts';
import { codeOf } from '../../split/code/code.ts';
import { block } from './block.ts';
import { bug, layerLines } from './bug.ts';
import { columns } from './columns.ts';
import { CHAPTERS } from './index.ts';
import { order } from './order.ts';
import { pair } from './pair.ts';
import { pay, sharesOf } from './pay.ts';
import { finisherOf, ring } from './ring.ts';
import { rows } from './rows.ts';
import { tooBig } from './tooBig.ts';

const ROUNDS = Array.from({ length: 12 }, (_, i) => i + 1);

/** Whether the verdict calls it right; its texts must be sound either way. */
function judged(verdict: Verdict): boolean {
  expect(verdict.because).not.toMatch(/NaN|undefined|Infinity/);
  expect(() => textPartsOf(verdict.because)).not.toThrow();
  return isRight(verdict);
}

test('each chapter has a name, and a question for paper', () => {
  expect(CHAPTERS).toHaveLength(9);
  expect(new Set(CHAPTERS.map(({ id }) => id)).size).toBe(9);
  for (const { paper } of CHAPTERS) expect(paper).toMatch(/\?|measure|say why/);
});

describe('too big for one', () => {
  test('one number of GPUs is right: the fewest that fit', () => {
    for (const round of ROUNDS) {
      const given = tooBig.given(round);
      const found = { ranks: 2, heldBytes: [51, 50], wholeBytes: 100 };
      const right = [1, 2, 4, 8].filter((ranks) =>
        judged(tooBig.judge({ given, before: null, found, answer: { ranks } })),
      );
      const fits = given.shares
        .filter(({ bytes }) => bytes <= given.gpu.memoryGB * 1e9)
        .map(({ ranks }) => ranks);
      expect(right).toEqual([Math.min(...fits)]);
      // To the norms, which each rank keeps, the shares are equal parts.
      for (const { ranks, bytes } of given.shares)
        expect((ranks * bytes) / given.wholeBytes).toBeCloseTo(1, 1);
    }
  });
});

describe('cut by columns', () => {
  test('what was measured is right, and other numbers are told what they are', () => {
    const given = columns.given(1);
    const { ranks, m, n, k } = given;
    const gathered = 4 * m * (n / ranks) * (ranks - 1);
    const judge = (bytes: number) =>
      columns.judge({ given, before: null, found: { without: 0, gathered }, answer: { bytes } });
    expect(judged(judge(0))).toBe(true);
    for (const [bytes, words] of [
      [gathered, 'what the all-gather takes'],
      [4 * m * n, 'all of Y'],
      [4 * m * k, 'That is X'],
    ] as const) {
      expect(judged(judge(bytes))).toBe(false);
      expect(judge(bytes).because).toContain(words);
    }
  });
});

describe('cut by rows', () => {
  const given = rows.given(1);
  const judge = (cell: string, terms: number[], sum: number) =>
    judged(rows.judge({ given, before: { term: terms[0] ?? 0 }, found: { terms, sum }, answer: { cell } }));

  test('that rank 0 cannot know it, unless the numbers say otherwise', () => {
    const terms = [0.5, -0.25, 1, 0];
    expect(['own', 'times', 'sum'].map((cell) => judge(cell, terms, 1.25))).toEqual([false, false, true]);
    expect(['own', 'times', 'sum'].map((cell) => judge(cell, [0.5, 0.25, -0.25, 0], 0.5))).toEqual([
      true,
      false,
      false,
    ]);
    expect(['own', 'times', 'sum'].map((cell) => judge(cell, [0.5, 0.5, 0.5, 0.5], 2))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('the all-reduce', () => {
  test('the schedule has the steps, and the chunk ends on its owner', () => {
    for (const round of ROUNDS) {
      const given = ring.given(round);
      const { ranks, chunk } = given;
      const ringSteps = ringSchedule('all_reduce', ranks, 0).steps.map((step, index) =>
        Array.from({ length: ranks }, (_, rank) => {
          const own = ringSchedule('all_reduce', ranks, rank).steps[index];
          return { rank, index, phase: step.phase, chunk: own?.chunk };
        }),
      ) as unknown as SplitRun['ringSteps'];
      const finisher = finisherOf({ ringSteps }, chunk);
      expect(finisher).toBe(additionOrder(chunk, ranks).at(-1));
      const found = { rows: [], steps: ringSteps.length, finisher };
      const judge = (steps: number, who: number) =>
        judged(ring.judge({ given, before: null, found, answer: { steps, finisher: who } }));
      expect(judge(2 * (ranks - 1), chunk)).toBe(true);
      expect(judge(ranks - 1, chunk)).toBe(false);
      expect(judge(2 * (ranks - 1), (chunk + 1) % ranks)).toBe(false);
    }
  });
});

describe('order matters', () => {
  test('the bits decide', () => {
    const values = Float32Array.of(1, 2);
    const given = order.given(1);
    const compared = (same: boolean) => ({ same, differing: same ? 0 : 1, values });
    const judge = (column: boolean, row: boolean, same: string) =>
      judged(
        order.judge({
          given,
          before: { values, hash: '' },
          found: { column: compared(column), row: compared(row), index: 0, order: [1, 0] },
          answer: { same },
        }),
      );
    expect(judge(true, false, 'column')).toBe(true);
    expect(judge(true, true, 'column')).toBe(false);
    expect(judge(true, true, 'both')).toBe(true);
    expect(judge(false, false, 'neither')).toBe(true);
  });
});

describe('the pair', () => {
  test('of the plans, one pair of cuts has one collective', () => {
    for (const round of ROUNDS) {
      const given = pair.given(round);
      const cuts = ['columns', 'rows'] as const;
      const found = cuts.flatMap((first) =>
        cuts.map((second) => {
          const config = { ...given.sizes, first, second };
          const ran = collectivesOf(planOf(cutPairProgram(config), { position: 0 }));
          return { config, ran, planned: ran, bytesSent: 4 } as unknown as CutsRun;
        }),
      );
      const right = found.filter(({ config: { first, second } }) =>
        judged(pair.judge({ given, before: null, found, answer: { first, second } })),
      );
      expect(right.map(({ config }) => `${config.first} ${config.second}`)).toEqual(['columns rows']);
    }
  });
});

describe('the bug', () => {
  test('one line of the program is wrong, and each other one is told why not', () => {
    for (const round of ROUNDS) {
      const given = bug.given(round);
      const config = {
        ...DEFAULT_PARAMS,
        ...given,
        worldSize: given.ranks,
        bias: true,
        biasOnEveryRank: true,
      };
      const lines = layerLines(codeOf(planSplit(config)));
      const check = { pass: true, maxAbsError: 1e-8 };
      const right = lines.filter((_, line) =>
        judged(
          bug.judge({
            given,
            before: { lines, error: 2 },
            found: { mended: check, alone: check },
            answer: { line },
          }),
        ),
      );
      expect(right.map(({ code }) => code.trim())).toEqual([
        expect.stringMatching(/F\.linear\(\w, self\.\w, self\.\w_bias\)$/),
      ]);
    }
  });
});

describe('a real block', () => {
  test('twice as many all-reduces as blocks, and heads as they are dealt out', () => {
    for (const round of ROUNDS) {
      const given = block.given(round);
      const { kvHeads, ranks, layers } = given;
      const heads = headShares(8 * kvHeads, kvHeads, ranks).map(({ kv }) =>
        rangeNote('head', kv.start, kv.end),
      );
      const found = {
        plan: {} as never,
        ran: ['all_reduce', 'all_reduce'],
        asPlanned: true,
        heads,
        flops: [3, 2],
      };
      const judge = (sums: number, who: string, experts: string) =>
        judged(block.judge({ given, before: null, found, answer: { sums, heads: who, experts } }));
      const truth = ranks <= kvHeads ? 'own' : ranks % kvHeads === 0 ? 'shared' : 'none';
      expect(judge(2 * layers, truth, 'unlike')).toBe(true);
      expect(judge(layers, truth, 'unlike')).toBe(false);
      expect(judge(2 * layers, truth, 'alike')).toBe(false);
    }
  });
});

describe('does it pay?', () => {
  test('the nearest guess is right, and any within the interval', () => {
    const result = { medianMs: 1, computeMs: 1, commMs: 0, waitMs: 0, samplesMs: [1] } as never;
    const given = { ranks: 2, cores: 2, tokens: 16, seed: 1 };
    const judge = (guess: number, low: number, value: number, high: number) =>
      judged(
        pay.judge({
          given,
          before: null,
          found: { one: result, several: result, speedUp: { value, low, high } },
          answer: { speedUp: guess },
        }),
      );
    expect(judge(1.25, 1.3, 1.35, 1.4)).toBe(true);
    expect(judge(1.5, 1.3, 1.35, 1.4)).toBe(false);
    expect(judge(1.5, 1.2, 1.35, 1.6)).toBe(true);
  });

  test('the parts of a run are all of it, whatever the clocks say', () => {
    for (const [computeMs, commMs, waitMs] of [
      [2, 0.5, 1],
      [4, 1, 1], // more than the run
      [0, 0, 0],
    ] as const) {
      const shares = sharesOf({ computeMs, commMs, waitMs, samplesMs: [4, 5] });
      const { compute, moving, waiting, rest } = shares;
      expect(compute + moving + waiting + rest).toBeCloseTo(1, 12);
      expect(Math.min(...Object.values(shares))).toBeGreaterThanOrEqual(0);
    }
  });
});

test('whatever a round asks of the ranks, they can run', async () => {
  const asked: string[] = [];
  const noted = (problem: string | null): void => {
    if (problem !== null) asked.push(problem);
  };
  const stop = new Error('that is all that is to be seen');
  const lab: StoryLab = {
    device: 'cpu',
    async split(params: Partial<SplitParams>) {
      noted(problemWith({ ...DEFAULT_PARAMS, ...params, device: 'cpu' }));
      throw stop;
    },
    async layers(all) {
      for (const params of all) noted(layerProblem({ ...LAYER, ...params, device: 'cpu' }));
      throw stop;
    },
    probe: () => Promise.reject(stop),
    pairs: () => Promise.reject(stop),
    bench: () => Promise.reject(stop),
  };
  for (const chapter of CHAPTERS) {
    for (const round of ROUNDS) {
      if (chapter.id === 'pay') continue; // asks the browser for its cores
      const given = chapter.given(round);
      for (const work of [chapter.prepare(given, lab), chapter.run(given, lab, {})]) {
        await work.catch((thrown) => expect(thrown).toBe(stop));
      }
    }
  }
  expect(asked).toEqual([]);
});

test('a question is complete once each field has what it allows', () => {
  const given = ring.given(1);
  const ask = ring.ask(given, null);
  const complete = (answer: Answer) => isComplete(ask, answer);
  expect(complete({})).toBe(false);
  expect(complete({ steps: 6 })).toBe(false);
  expect(complete({ steps: 6, finisher: 9 })).toBe(false);
  expect(complete({ steps: 6, finisher: 3 })).toBe(true);
  expect(complete({ steps: Number.NaN, finisher: 3 })).toBe(false);
});
