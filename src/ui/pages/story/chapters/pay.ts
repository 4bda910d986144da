/** 9. Whether it pays here: a short benchmark of a block, on one rank and on several. */

import { FIRST_LOOK } from '#bench/options.ts';
import type { BenchResult } from '#bench/record.ts';
import type { Chapter } from '#lab/story/chapter.ts';
import { type Interval, ratioOfMedians } from '#numerics/statistics.ts';
import { counted } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';
import { formatPercent } from './say.ts';

interface Given {
  readonly ranks: number;
  readonly cores: number;
  readonly tokens: number;
  readonly seed: number;
}

export interface PayFound {
  readonly one: BenchResult;
  readonly several: BenchResult;
  /** How many times as fast as one rank. */
  readonly speedUp: Interval;
}

const GUESSES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4];

export const pay: Chapter<Given, null, PayFound> = {
  id: 'pay',
  title: 'Does it pay?',
  paper:
    'Two ranks do half the work each. How many times as fast are they on your machine? Predict, measure, and say where the rest went.',

  given: (round) => ({
    ranks: round % 2 === 1 ? 2 : 4,
    cores: navigator.hardwareConcurrency,
    tokens: round % 3 === 0 ? 64 : 16,
    seed: round,
  }),

  prepare: async () => null,

  ask: ({ ranks, cores, tokens }) => ({
    question: 'How much faster is it on this machine?',
    body: `A block of a quarter of Llama 3.2 1B, ${tokens} tokens, on one CPU [[rank]] and on ${ranks}. This machine has ${counted(cores, 'core')} for them. Half the work each, but two sums on the way, and every rank waits for the slowest.`,
    fields: [
      {
        kind: 'slider',
        key: 'speedUp',
        label: `${ranks} ranks are … times as fast as one`,
        options: GUESSES.filter((guess) => guess <= ranks).map((value) => ({ value, label: `${value} ×` })),
      },
    ],
  }),

  async run({ ranks, tokens, seed }, lab) {
    const results = await lab.bench({
      ...FIRST_LOOK,
      suites: ['layers'],
      ops: ['block'],
      ranks: [1, ranks],
      devices: ['cpu'], // the ranks of a page share one GPU: there they could not be faster
      passes: [{ m: tokens, past: 0 }],
      budgetMs: 700,
      seed,
    });
    const of = (worldSize: number): BenchResult => {
      const found = results.find((result) => result.worldSize === worldSize);
      if (found === undefined) throw new Error('the benchmark has a cell for each number of ranks');
      return found;
    };
    const [one, several] = [of(1), of(ranks)];
    return { one, several, speedUp: ratioOfMedians(several.samplesMs, one.samplesMs) };
  },

  judge({ given: { ranks, cores }, found: { one, several, speedUp }, answer }) {
    const guess = Number(answer['speedUp']);
    const stops = GUESSES.filter((stop) => stop <= ranks);
    const nearest = stops.reduce((a, b) =>
      Math.abs(b - speedUp.value) < Math.abs(a - speedUp.value) ? b : a,
    );
    const right = guess === nearest || (guess >= speedUp.low && guess <= speedUp.high);
    const range = `${speedUp.value.toFixed(2)} × (${speedUp.low.toFixed(2)} to ${speedUp.high.toFixed(2)})`;
    const fact = { label: 'Speed-up', guess: `${guess}\u00a0×`, found: range, right };
    const { compute, moving, waiting, rest } = sharesOf(several);
    const cause =
      speedUp.low > ranks
        ? ' More than the number of ranks: noise, or a cache that holds a half but not the whole.'
        : cores < ranks
          ? ` ${counted(cores, 'core')} for ${ranks} ranks: they take turns.`
          : '';
    return {
      facts: [fact],
      because: `One rank took ${formatMs(one.medianMs)}, ${ranks} took ${formatMs(several.medianMs)} (median; 95\u00a0% interval of the ratio in brackets, ${one.samplesMs.length} and ${several.samplesMs.length} runs). Of the ${ranks} ranks’ time ${formatPercent(compute)} went into computing, and ${formatPercent(moving + waiting + rest)} into moving, waiting and starting: more ranks do not shrink that.${cause} Every result was checked.`,
    };
  },
};

/** Of an average run, what a rank spent on what: parts of 1. */
export interface Shares {
  readonly compute: number;
  readonly moving: number;
  readonly waiting: number;
  /** Starting a run and ending it, and whatever no span was recorded for. */
  readonly rest: number;
}

export function sharesOf({
  computeMs,
  commMs,
  waitMs,
  samplesMs,
}: Pick<BenchResult, 'computeMs' | 'commMs' | 'waitMs' | 'samplesMs'>): Shares {
  const parts = computeMs + commMs + waitMs;
  const mean = samplesMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, samplesMs.length);
  const whole = Math.max(mean, parts, Number.MIN_VALUE); // clocks may say more of the parts than of the whole
  return {
    compute: computeMs / whole,
    moving: commMs / whole,
    waiting: waitMs / whole,
    rest: Math.max(0, 1 - parts / whole),
  };
}
