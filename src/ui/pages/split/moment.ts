/** The moment that the scrubber stands on, in a sentence: what one rank does, in the numbers of the run. */

import type { SplitRun } from '#lab/split/run.ts';
import { type Moment, progressAt, ringOf } from '#lab/split/timeline.ts';
import { lengthOf } from '#numerics/ranges.ts';
import type { PlannedProduct } from '#program/splitPlan.ts';
import { counted, numberWord, shareOf } from '#ui/components/words.ts';
import { holdingsAfter } from './ring/holdings.ts';

export function momentSentence(run: SplitRun, at: number): string {
  const { moment, ringSteps } = progressAt(run.timeline, at);
  switch (moment.phase) {
    case 'cut':
      return cutSentence(run);
    case 'multiply':
      return multiplySentence(run, moment);
    case 'reduce-scatter':
    case 'all-gather':
      return ringSentence(run, moment, ringSteps);
    case 'bias':
      return 'Every rank has the sum now, and adds the bias to it: once.';
    case 'done':
      return doneSentence(run);
    default:
      return moment.phase satisfies never;
  }
}

function cutSentence({ plan }: SplitRun): string {
  const { split, worldSize } = plan.config;
  if (worldSize === 1) return 'Rank 0 takes all of X and all of W.';
  if (split === 'none') return 'Every rank takes all of X and all of W: nothing is cut.';
  const cuts = plan.products.map(({ layer, names, shards }) =>
    layer === 'column'
      ? `${shareOf(
          shards.map(({ w }) => lengthOf(w.rows)),
          'column',
        )} of ${names.w}`
      : `${shareOf(
          shards.map(({ w }) => lengthOf(w.cols)),
          'row',
        )} of ${names.w}`,
  );
  const x = split === 'row' ? 'the same columns of X' : 'all of X';
  return `Each rank takes ${cuts.join(' and ')}, and ${x}.`;
}

function multiplySentence({ plan }: SplitRun, { product: index = 0 }: Moment): string {
  const { worldSize } = plan.config;
  const product = plan.products[index] as PlannedProduct;
  const { x, w, y } = product.names;
  if (worldSize === 1) return `Rank 0 multiplies ${x} by ${w}: that is ${y}.`;
  switch (product.layer) {
    case 'whole':
      return `Each rank multiplies ${x} by ${w}, and has all of ${y}.`;
    case 'column':
      return `Each rank multiplies ${x} by its columns of ${w}, and has the same columns of ${y}: finished.`;
    case 'row':
      return `Each rank multiplies its columns of ${x} by its rows of ${w}: ${numberWord(worldSize)} partials, each as large as ${y}.`;
    default:
      return product.layer satisfies never;
  }
}

/** "Rank 0 adds chunk 2 from rank 3: it now holds 2 of 4 terms." */
function ringSentence(run: SplitRun, { ringStep = 0, phase }: Moment, done: number): string {
  const { worldSize } = run.plan.config;
  const step = run.ringSteps[ringStep]?.[0];
  const ring = ringOf(run.plan);
  if (step === undefined || ring === null) return 'The ranks pass chunks round the ring.';
  const held = holdingsAfter(ring, done)[step.rank] ?? [];
  const others = worldSize === 2 ? 'the other likewise' : 'all others likewise';
  if (phase === 'reduce-scatter') {
    const terms = held[step.chunk]?.terms ?? 0;
    const now = terms === worldSize ? `all ${worldSize}` : `${terms} of ${worldSize}`;
    return `Rank ${step.rank} adds chunk ${step.chunk} from rank ${step.from}: it now holds ${now} terms of it; ${others}.`;
  }
  const complete = held.filter((holding) => holding.complete).length;
  const now = complete === worldSize ? `all ${worldSize}` : `${complete} of ${worldSize}`;
  const what = run.plan.collective?.kind === 'all_gather' ? 'the columns of rank' : 'the finished chunk';
  return `Rank ${step.rank} copies ${what} ${step.chunk} from rank ${step.from}: it now holds ${now}; ${others}.`;
}

function doneSentence({ plan, bytesSent }: SplitRun): string {
  const { worldSize, split } = plan.config;
  if (worldSize === 1) return 'Rank 0 has Y.';
  const sent = Math.max(...bytesSent);
  if (!plan.replicated) return 'Each rank has its columns of Y, and has sent nothing.';
  if (split === 'none') return 'Every rank has all of Y, and did all the work.';
  return `Every rank has all of Y. None has sent more than ${counted(sent, 'byte')}.`;
}
