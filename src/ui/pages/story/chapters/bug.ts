/** 7. A run is red: the bias that every rank adds. */

import type { SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { textOf } from '#program/torch/line.ts';
import { timesWord } from '#ui/components/words.ts';
import { formatError } from '#ui/format.ts';
import { type CodeLine, codeOf } from '../../split/code/code.ts';

type Given = Pick<SplitParams, 'ranks' | 'm' | 'k' | 'n' | 'seed' | 'split'>;

/** The layer's lines, and what the check says of it. */
export interface BugBefore {
  readonly lines: readonly CodeLine[];
  readonly error: number;
}

export interface BugFound {
  readonly mended: Pick<SplitRun['verdict'], 'pass' | 'maxAbsError'>;
  /** The wrong program on one rank. */
  readonly alone: Pick<SplitRun['verdict'], 'pass' | 'maxAbsError'>;
}

const ROUNDS: readonly [Omit<Given, 'seed'>, ...Omit<Given, 'seed'>[]] = [
  { split: 'row', ranks: 4, m: 6, k: 16, n: 8 },
  { split: 'pair', ranks: 2, m: 6, k: 8, n: 12 },
  { split: 'row', ranks: 3, m: 5, k: 12, n: 8 },
  { split: 'pair', ranks: 4, m: 4, k: 8, n: 16 },
];

export const bug: Chapter<Given, BugBefore, BugFound> = {
  id: 'bug',
  title: 'The bug',
  paper:
    'A row-parallel layer is right on one rank and wrong on four. Find the line, and say why one rank hid it.',

  given: (round) => ({ ...inRound(ROUNDS, round, 7), seed: round }),

  async prepare(given, lab) {
    const run = await lab.split(wrong(given));
    return { lines: layerLines(codeOf(run.plan)), error: run.verdict.maxAbsError };
  },

  ask: ({ ranks }, { lines, error }) => ({
    question: 'One line is wrong. Which?',
    body: `${ranks} ranks ran this layer, and Y is off by ${formatError(error)} from the product in [[float64]]: no rounding does that. On one rank the same code passes. (A real bug: the tutorials’ favourite.)`,
    fields: [{ kind: 'line', key: 'line', label: 'Choose the line', lines: lines.map(textOf) }],
  }),

  async run(given, lab) {
    const alone = await lab.split({ ...wrong(given), ranks: 1 });
    const mended = await lab.split({ ...wrong(given), biasOnEveryRank: false });
    return { alone: alone.verdict, mended: mended.verdict };
  },

  judge({ given: { ranks }, before: { lines, error }, found, answer }) {
    const guess = Number(answer['line']);
    const at = lines.findIndex(({ mark }) => mark === 'wrong');
    const fact = {
      label: 'The wrong line',
      guess: `line ${guess + 1}`,
      found: `line ${at + 1}`,
      right: guess === at,
    };
    const why = fact.right ? '' : `${whyNot(lines[guess])} `;
    return {
      facts: [fact],
      because: `${why}Line ${at + 1} adds the bias on every rank, and the [[all-reduce]] sums the ranks: Y holds it ${timesWord(ranks)}. Added once, after the sum, the error falls from ${formatError(error)} to ${formatError(found.mended.maxAbsError)}. On one rank it ${found.alone.pass ? 'passes' : 'fails'} (${formatError(found.alone.maxAbsError)}): once is once. Test on two.`,
    };
  },
};

/** Of the program, the layer's lines, without the empty ones and those that only speak. */
export function layerLines(code: readonly CodeLine[]): CodeLine[] {
  const start = code.findIndex((one) => one.code.startsWith('class '));
  const end = code.findIndex((one, i) => i > start && one.code.trim().startsWith('return '));
  return code.slice(start, end + 1).filter((one) => !/^\s*(?:#|$)/.test(one.code));
}

function wrong(given: Given): Partial<SplitParams> {
  return { ...given, bias: true, biasOnEveryRank: true };
}

function whyNot(line: CodeLine | undefined): string {
  const text = line?.code ?? '';
  if (text.includes('all_reduce')) return 'The sum is right: it adds what it is given.';
  if (text.includes('shard(')) return 'That is the cut, and it is as it should be.';
  if (text.includes('return')) return 'By then it is too late: Y is wrong already.';
  if (text.includes('bias')) return 'To keep the whole bias does no harm; what counts is where it is added.';
  return 'That line only sets the layer up.';
}
