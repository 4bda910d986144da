/** The columns of the table of layouts: what each says on the page, and as text to paste elsewhere. */

import type { Plan } from '#planner/plan.ts';
import type { Load } from '#planner/question.ts';
import { formatCount, formatMs } from '#ui/format.ts';
import { rate } from '../words.ts';

export interface Column {
  /** On the page. */
  readonly label: string;
  /** With its unit, in text. */
  readonly head: string;
  readonly shown: (plan: Plan) => string;
  readonly value: (plan: Plan) => number;
}

const ALL: Column = {
  label: 'tokens/s in all',
  head: 'tokens/s in all',
  shown: (plan) => rate(plan.tokensPerSecond),
  value: (plan) => plan.tokensPerSecond,
};

const STEP: Column = {
  label: 'a step',
  head: 'step (ms)',
  shown: ({ step }) => formatMs(step.totalMs),
  value: ({ step }) => step.totalMs,
};

const serving = (
  label: string,
  head: string,
  of: (figures: NonNullable<Plan['serving']>) => number,
  format: (value: number) => string,
): Column => {
  const value = ({ serving: figures }: Plan): number => (figures === null ? Number.NaN : of(figures));
  return { label, head, value, shown: (plan) => format(value(plan)) };
};

const ONE = serving('tokens/s each', 'tokens/s of each sequence', (of) => of.tokensPerSecondOfOne, rate);

/** Of a layout that fits, behind its degrees and its memory. */
export const COLUMNS: Readonly<Record<Load['work'], readonly Column[]>> = {
  serve: [
    ONE,
    ALL,
    serving('first token', 'first token (ms)', (of) => of.firstTokenMs, formatMs),
    serving('sequences that fit', 'sequences that fit', (of) => of.room, formatCount),
    serving('longest context', 'longest context (tokens)', (of) => of.longest, formatCount),
  ],
  train: [
    STEP,
    ALL,
    {
      label: 'tokens/s a GPU',
      head: 'tokens/s a GPU',
      shown: (plan) => rate(plan.tokensPerSecond / plan.gpus),
      value: (plan) => plan.tokensPerSecond / plan.gpus,
    },
  ],
};

/** The two that a change is told by. */
export const SPEEDS: Readonly<Record<Load['work'], readonly [Column, Column]>> = {
  serve: [ONE, ALL],
  train: [STEP, ALL],
};
