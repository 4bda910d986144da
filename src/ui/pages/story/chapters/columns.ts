/** 2. A column split, without and with the gather. */

import type { SplitParams } from '#lab/split/params.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { counted } from '#ui/components/words.ts';
import { bytesWord, countFact } from './say.ts';

type Given = Pick<SplitParams, 'ranks' | 'm' | 'k' | 'n' | 'seed'>;

/** What the busiest rank sent. */
interface Found {
  readonly without: number;
  readonly gathered: number;
}

const ROUNDS: readonly [Omit<Given, 'seed'>, ...Omit<Given, 'seed'>[]] = [
  { ranks: 4, m: 4, k: 5, n: 8 },
  { ranks: 3, m: 4, k: 5, n: 9 },
  { ranks: 2, m: 5, k: 6, n: 6 },
  { ranks: 5, m: 3, k: 4, n: 10 },
];

export const columns: Chapter<Given, null, Found> = {
  id: 'columns',
  title: 'Cut by columns',
  paper:
    'Y = X·W, and W is cut by columns over four ranks. How many bytes must a rank send before its part of Y is finished? And before everybody has all of Y?',

  given: (round) => ({ ...inRound(ROUNDS, round, 2), seed: round }),

  async prepare(given, lab) {
    await lab.split(paramsOf(given, false), 0);
    return null;
  },

  ask: ({ ranks, n, m }) => ({
    question: 'Do the ranks need each other?',
    body: `W is cut by columns: each of ${ranks} ranks has all of X and ${n / ranks} of the ${n} columns of W, its [[shard]]. It computes the same columns of Y (${m} × ${n}, 4 bytes a number).`,
    fields: [
      {
        kind: 'number',
        key: 'bytes',
        label: 'How much must a rank send until its columns of Y are finished?',
        unit: 'bytes',
        max: 1e9,
      },
    ],
  }),

  async run(given, lab) {
    const without = await lab.split(paramsOf(given, false));
    const gathered = await lab.split(paramsOf(given, true));
    return { without: Math.max(...without.bytesSent), gathered: Math.max(...gathered.bytesSent) };
  },

  judge({ given: { ranks, m, n, k }, found, answer }) {
    const guess = Number(answer['bytes']);
    const own = 4 * m * (n / ranks);
    const fact = countFact('Sent for its own columns', guess, found.without, bytesWord);
    const all = `Only if everybody wants all of Y do they talk: an [[all-gather]] then passes the columns round the ring, ${bytesWord(found.gathered)} from each rank, ${ranks - 1} times its own ${bytesWord(own)}.`;
    const none =
      'A column of Y needs all of X and one column of W, and the rank has both. Nothing is missing, so nothing is sent.';
    if (fact.right) return { facts: [fact], because: `${none} ${all}` };
    const taken: [number, string][] = [
      [
        found.gathered,
        'That is what the all-gather takes, and it comes after: a rank needs it for the columns of the others, not for its own.',
      ],
      [4 * m * n, 'That is all of Y. A rank has only its own columns to finish.'],
      [own, `That is ${counted(n / ranks, 'column')} of Y, what the rank makes, not what it sends.`],
      [4 * m * k, 'That is X, which every rank has already.'],
    ];
    const why = taken.find(([value]) => value === guess)?.[1] ?? '';
    return { facts: [fact], because: `${why} ${none} ${all}`.trim() };
  },
};

function paramsOf(given: Given, gatherOutput: boolean): Partial<SplitParams> {
  return { ...given, split: 'column', bias: false, gatherOutput };
}
