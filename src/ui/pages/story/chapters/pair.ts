/** 6. The cuts of two products, such that one collective runs. */

import { type Chapter, inRound } from '#lab/story/chapter.ts';
import type { CutsRun } from '#lab/story/lab.ts';
import type { CutPairConfig, PairCut } from '#program/cutPair.ts';
import { bytesWord, countFact } from './say.ts';

export interface PairGiven {
  readonly sizes: Pick<CutPairConfig, 'worldSize' | 'm' | 'k' | 'n'>;
  readonly seed: number;
}

const CUTS: readonly PairCut[] = ['columns', 'rows'];
const CHOICES = CUTS.map((value) => ({ value, label: `by ${value}` }));

export const pair: Chapter<PairGiven, null, readonly CutsRun[]> = {
  id: 'pair',
  title: 'The pair',
  paper:
    'H = X·A, then Y = H·B. Cut A and B so that the ranks talk once. What happens with each other pair of cuts?',

  given: (round) => ({
    sizes: inRound(
      [
        { worldSize: 4, m: 8, k: 16, n: 32 },
        { worldSize: 2, m: 6, k: 12, n: 24 },
        { worldSize: 3, m: 6, k: 12, n: 36 },
      ] as const,
      round,
      6,
    ),
    seed: round,
  }),

  prepare: async () => null,

  ask: ({ sizes: { worldSize } }) => ({
    question: 'How do you cut two products, and talk once?',
    body: `An [[mlp]] is two products: H = X·A, then Y = H·B. ${worldSize} ranks have X, and all want Y. Whatever is not where it is needed costs a [[collective]]: an [[all-reduce]] or an [[all-gather]].`,
    fields: [
      { kind: 'choice', key: 'first', label: 'Cut A', options: CHOICES },
      { kind: 'choice', key: 'second', label: 'Cut B', options: CHOICES },
    ],
  }),

  run: ({ sizes, seed }, lab) =>
    lab.pairs(
      CUTS.flatMap((first) => CUTS.map((second) => ({ ...sizes, first, second }))),
      seed,
    ),

  judge({ found, answer }) {
    const least = leastOf(found);
    const chosen = found.find(
      ({ config }) => config.first === answer['first'] && config.second === answer['second'],
    );
    const fact = countFact('Collectives', chosen?.ran.length ?? 0, least.ran.length, String);
    const best = `A by ${least.config.first}, B by ${least.config.second}: each rank’s columns of H are the very ones that its rows of B want. Nothing is sent in between, and one sum at the end takes ${bytesWord(least.bytesSent)} a rank.`;
    if (fact.right || chosen === undefined) return { facts: [fact], because: best };
    return {
      facts: [fact],
      because: `${whyOf(chosen)} That is ${bytesWord(chosen.bytesSent)} a rank. ${best}`,
    };
  },
};

/** The pair of cuts with the fewest collectives. */
export function leastOf(found: readonly CutsRun[]): CutsRun {
  return found.reduce((a, b) => (b.ran.length < a.ran.length ? b : a));
}

function whyOf({ config: { first, second } }: CutsRun): string {
  if (first === 'columns')
    return 'A rank has some columns of H, but columns of B want all of H: they are gathered, and Y after them.';
  return second === 'rows'
    ? 'Rows of A leave partials of H, which have to be summed at once; rows of B leave partials again.'
    : 'Rows of A leave partials of H, which have to be summed; then each rank has columns of Y, which have to be gathered.';
}
