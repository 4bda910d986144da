/** 4. The all-reduce on a ring: how many steps, how many bytes, who finishes a chunk. */

import type { SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { firstSheet } from './rows.ts';
import { bytesWord, countFact } from './say.ts';

interface Given {
  readonly ranks: number;
  readonly chunk: number;
  readonly seed: number;
}

export interface RingFound {
  readonly rows: readonly { readonly ranks: number; readonly steps: number; readonly bytes: number }[];
  /** Of the ring that was asked about: its steps, and the rank in which the chunk's last term was added. */
  readonly steps: number;
  readonly finisher: number;
}

const SIZES = { m: 8, k: 16, n: 12 };
const OTHERS = [2, 4, 8];

export const ring: Chapter<Given, null, RingFound> = {
  id: 'all-reduce',
  title: 'The all-reduce',
  paper:
    'Four ranks add up what they hold, round a ring. How many steps does it take, how many bytes does a rank send, and who is first to hold the whole sum of chunk 1?',

  given(round) {
    const ranks = inRound([4, 3, 5, 2] as const, round, 4);
    return { ranks, chunk: round % ranks, seed: round };
  },

  async prepare(given, lab) {
    const params = paramsOf(given.ranks, given.seed);
    await lab.split(params, firstSheet(params));
    return null;
  },

  ask: ({ ranks, chunk }) => ({
    question: 'How do they add up what they hold?',
    body: `Y is cut into ${ranks} [[chunk]]s. In a step, each rank adds (or copies) one chunk of the rank before it: all at once, round a ring. At the end every rank holds the whole sum. That is an [[all-reduce]].`,
    fields: [
      { kind: 'number', key: 'steps', label: `Steps for ${ranks} ranks`, unit: 'steps', max: 1000 },
      {
        kind: 'choice',
        key: 'finisher',
        label: `Who is first to hold all terms of chunk ${chunk}?`,
        options: Array.from({ length: ranks }, (_, rank) => ({ value: rank, label: `rank ${rank}` })),
      },
    ],
  }),

  async run({ ranks, chunk, seed }, lab) {
    const rows: RingFound['rows'][number][] = [];
    for (const others of OTHERS.filter((one) => one !== ranks))
      rows.push(rowOf(await lab.split(paramsOf(others, seed))));
    const params = paramsOf(ranks, seed);
    const asked = await lab.split(params, firstSheet(params) + 1);
    rows.push(rowOf(asked));
    return {
      rows: rows.sort((a, b) => a.ranks - b.ranks),
      steps: asked.ringSteps.length,
      finisher: finisherOf(asked, chunk),
    };
  },

  judge({ given: { ranks, chunk }, found, answer }) {
    const guess = Number(answer['steps']);
    const steps = countFact('Steps', guess, found.steps, String);
    const finisher = countFact(
      `Chunk ${chunk} complete on`,
      Number(answer['finisher']),
      found.finisher,
      (rank) => `rank ${rank}`,
    );
    const taken: [number, string][] = [
      [
        ranks - 1,
        `${ranks - 1} steps add the terms up (the [[reduce-scatter]]); as many again hand the sums on (the [[all-gather]]).`,
      ],
      [
        ranks,
        'A chunk that starts on one rank has only the others to visit, and then its sum has to reach them.',
      ],
      [ranks * found.steps, 'That counts every rank’s moves. They all move in the same step.'],
      [1, 'One step would need every rank to read all the others at once: so many times the bytes.'],
    ];
    const why = steps.right ? '' : `${taken.find(([value]) => value === guess)?.[1] ?? ''} `;
    const where = finisher.right
      ? ''
      : `Chunk ${chunk} starts on the rank behind rank ${found.finisher} and collects a term at each stop, so rank ${found.finisher} is the last it comes to. `;
    const bytes = found.rows.map((row) => `${bytesWord(row.bytes)} for ${row.ranks}`).join(', ');
    return {
      facts: [steps, finisher],
      because: `${why}${where}2 · (${ranks} − 1) = ${found.steps} steps. More ranks take more steps, but a chunk gets smaller: a rank sent ${bytes} ranks. It never reaches twice the size of Y.`,
    };
  },
};

function paramsOf(ranks: number, seed: number): Partial<SplitParams> {
  return { ...SIZES, ranks, seed, split: 'row', bias: false };
}

function rowOf(run: SplitRun): RingFound['rows'][number] {
  return { ranks: run.params.ranks, steps: run.ringSteps.length, bytes: Math.max(...run.bytesSent) };
}

/** The rank that made the last addition to a chunk, as it was recorded. */
export function finisherOf({ ringSteps }: Pick<SplitRun, 'ringSteps'>, chunk: number): number {
  const additions = ringSteps
    .flat()
    .filter((step) => step.phase === 'reduce-scatter' && step.chunk === chunk);
  const last = additions.reduce(
    (a, b) => (b.index > a.index ? b : a),
    additions[0] ?? { index: -1, rank: -1 },
  );
  return last.rank;
}
