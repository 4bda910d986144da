/** 5. Which split gives the bits of the unsplit product. */

import type { SplitParams } from '#lab/split/params.ts';
import type { SplitRun } from '#lab/split/run.ts';
import { type Chapter, inRound } from '#lab/story/chapter.ts';
import { formatCount } from '#ui/format.ts';

interface Given {
  readonly params: Pick<SplitParams, 'ranks' | 'm' | 'k' | 'n' | 'seed'>;
}

/** Y of the unsplit product, float32, row by row. */
interface Before {
  readonly values: Float32Array;
  readonly hash: string;
}

export interface OrderFound {
  /** By the split: whether all bits are those of the unsplit product, how many cells are not, and Y. */
  readonly column: Compared;
  readonly row: Compared;
  /** A cell in which they part (or the first), and the ranks in the order in which their terms were added there. */
  readonly index: number;
  readonly order: readonly number[];
}

interface Compared {
  readonly same: boolean;
  readonly differing: number;
  readonly values: Float32Array;
}

export const order: Chapter<Given, Before, OrderFound> = {
  id: 'order',
  title: 'Order matters',
  paper: 'Which split gives the very bits of the unsplit product: by columns, by rows, both or neither? Why?',

  given: (round) => ({
    params: {
      ...inRound(
        [
          { ranks: 4, m: 6, k: 32, n: 12 },
          { ranks: 3, m: 6, k: 30, n: 12 },
          { ranks: 2, m: 8, k: 40, n: 10 },
        ] as const,
        round,
        5,
      ),
      seed: round,
    },
  }),

  async prepare({ params }, lab) {
    const run = await lab.split({ ...params, ranks: 1, split: 'none', bias: false });
    return { values: valuesOf(run), hash: run.ranks[0]?.outputHash ?? '' };
  },

  ask: ({ params: { ranks, k } }) => ({
    question: 'Which split gives the very same bits?',
    body: `A float32 keeps 24 bits, so each addition is rounded, and another order of the ${k} additions of a cell may round otherwise. One rank has computed Y; now ${ranks} ranks will, cut by columns and cut by rows.`,
    fields: [
      {
        kind: 'choice',
        key: 'same',
        label: 'All [[same bits|bits as without a split]]:',
        options: [
          { value: 'column', label: 'By columns' },
          { value: 'row', label: 'By rows' },
          { value: 'both', label: 'Both' },
          { value: 'neither', label: 'Neither' },
        ],
      },
    ],
  }),

  async run({ params }, lab) {
    const alone = await lab.split({ ...params, ranks: 1, split: 'none', bias: false });
    const unsplit = valuesOf(alone);
    const column = await lab.split({ ...params, split: 'column', bias: false, gatherOutput: true });
    const row = await lab.split({ ...params, split: 'row', bias: false });
    const found = { column: compare(alone, column), row: compare(alone, row) };
    const index = Math.max(
      0,
      unsplit.findIndex((value, i) => value !== found.row.values[i]),
    );
    const { cols } = row.plan.output;
    const probe = await lab.probe({ row: Math.floor(index / cols), col: index % cols });
    return { ...found, index, order: probe.order };
  },

  judge({ given: { params }, before, found, answer }) {
    const { column, row } = found;
    const truth = column.same ? (row.same ? 'both' : 'column') : row.same ? 'row' : 'neither';
    const guess = String(answer['same']);
    const names: Readonly<Record<string, string>> = {
      column: 'by columns',
      row: 'by rows',
      both: 'both',
      neither: 'neither',
    };
    const count = before.values.length;
    const fact = {
      label: 'Same bits',
      guess: names[guess] ?? guess,
      found: names[truth] ?? truth,
      right: guess === truth,
    };
    const summed = `Cut by rows, each rank adds ${params.k / params.ranks} of the ${params.k} products and the ring adds ${params.ranks} sums, here in the order of ranks ${found.order.join(', ')}: ${formatCount(row.differing)} of ${count} cells end in other bits, none of them wrong.`;
    const whole = `Cut by columns, a cell is computed by one rank, by the same additions in the same order: ${column.same ? 'all' : `all but ${column.differing}`} of ${count} cells have the same bits.`;
    return {
      facts: [fact],
      because: `${whole} ${summed} This is why a model’s output may change with the number of GPUs.`,
    };
  },
};

function valuesOf({ ranks }: SplitRun): Float32Array {
  return ranks[0]?.output.values ?? new Float32Array(0);
}

function compare(alone: SplitRun, split: SplitRun): Compared {
  const [a, b] = [bitsOf(valuesOf(alone)), bitsOf(valuesOf(split))];
  return {
    same: split.ranks.every(({ outputHash }) => outputHash === alone.ranks[0]?.outputHash),
    differing: a.filter((bits, i) => bits !== b[i]).length,
    values: valuesOf(split),
  };
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
