/** 3. A row split: each rank's sheet is a partial. */

import type { SplitParams } from '#lab/split/params.ts';
import { configOf, DEFAULT_PARAMS } from '#lab/split/params.ts';
import type { Cell } from '#lab/split/run.ts';
import { timelineOf } from '#lab/split/timeline.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { planSplit } from '#program/splitPlan.ts';
import { formatFloat } from '#ui/format.ts';

export interface RowsGiven {
  readonly params: Partial<SplitParams> & { readonly ranks: number };
  readonly cell: Cell;
}

interface Before {
  /** Rank 0's term of the cell. */
  readonly term: number;
}

interface Found {
  /** In rank order. */
  readonly terms: readonly number[];
  readonly sum: number;
}

type Sizes = Pick<SplitParams, 'ranks' | 'm' | 'k' | 'n'>;

const ROUNDS: readonly [Sizes, ...Sizes[]] = [
  { ranks: 4, m: 4, k: 8, n: 6 },
  { ranks: 3, m: 4, k: 9, n: 5 },
  { ranks: 2, m: 5, k: 6, n: 6 },
  { ranks: 5, m: 4, k: 10, n: 4 },
];

export const rows: Chapter<RowsGiven, Before, Found> = {
  id: 'rows',
  title: 'Cut by rows',
  paper:
    'Now W is cut by rows. Each rank has a sheet as large as Y. What is on it, and what would make it Y?',

  given(round) {
    const sizes = inRound(ROUNDS, round, 3);
    const params = { ...sizes, seed: round, split: 'row', bias: false } as const;
    return { params, cell: { row: (2 + round) % sizes.m, col: (4 + round) % sizes.n } };
  },

  async prepare({ params, cell }, lab) {
    await lab.split(params, firstSheet(params));
    const { ranks } = await lab.probe(cell);
    return { term: ranks[0]?.term ?? 0 };
  },

  ask: ({ params: { ranks }, cell }, { term }) => ({
    question: 'Is rank 0’s sheet Y?',
    body: `W is cut by rows now, and X by columns to match. Each of ${ranks} ranks multiplied its part, and got a sheet as large as Y: a [[partial]]. In the outlined cell, rank 0 has ${formatFloat(term)}.`,
    fields: [
      {
        kind: 'choice',
        key: 'cell',
        label: `What is Y[${cell.row}, ${cell.col}]?`,
        options: [
          { value: 'own', label: `${formatFloat(term)}: rank 0 has it` },
          { value: 'times', label: `${formatFloat(term * ranks)}: ${ranks} times that` },
          { value: 'sum', label: 'Rank 0 cannot know it alone' },
        ],
      },
    ],
  }),

  async run({ params, cell }, lab) {
    await lab.split(params, firstSheet(params));
    const { ranks } = await lab.probe(cell);
    return { terms: ranks.map(({ term }) => term ?? 0), sum: ranks[0]?.result ?? Number.NaN };
  },

  judge({ given: { params }, before: { term }, found: { terms, sum }, answer }) {
    const values: Readonly<Record<string, number>> = { own: term, times: term * params.ranks };
    // The answer that the numbers bear out: one that gives the sum, and else that none of them does.
    const near = Object.keys(values).find((key) => isNear(values[key] ?? Number.NaN, sum));
    const guess = String(answer['cell']);
    const fact = {
      label: 'Y’s cell',
      guess: guess in values ? formatFloat(values[guess] ?? 0) : 'unknown to rank 0',
      found: `${formatFloat(sum)}`,
      right: guess === (near ?? 'sum'),
    };
    const written = terms
      .map((value) => formatFloat(value))
      .join(' + ')
      .replaceAll('+ −', '− ');
    const why =
      guess === 'own'
        ? 'That is one term of several. '
        : guess === 'times'
          ? 'The ranks’ terms are not alike: each comes from other numbers. '
          : '';
    return {
      facts: [fact],
      because: `${why}Each rank went through its own part of the row of X and the column of W, so each has one term: ${written} = ${formatFloat(sum)}. No rank’s sheet is Y; their sum is. The sum is an [[all-reduce]], the next chapter.`,
    };
  },
};

/** The moment at which the sheets are there and nothing is summed yet. */
export function firstSheet(params: Partial<SplitParams>): number {
  return timelineOf(planSplit(configOf({ ...DEFAULT_PARAMS, ...params }))).findIndex(
    ({ phase }) => phase === 'multiply',
  );
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
}
