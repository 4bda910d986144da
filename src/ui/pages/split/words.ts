/** The sentence at the head of the page: what the ranks did, in the numbers of their plan. */

import type { SplitParams } from '#lab/split/params.ts';
import { timelineOf } from '#lab/split/timeline.ts';
import { lengthOf } from '#numerics/ranges.ts';
import type { PlannedProduct, ProductShard, SplitPlan } from '#program/splitPlan.ts';
import {
  counted,
  numberWord,
  type Phrase,
  type Sentence,
  shareOf,
  timesWord,
  workersOf,
} from '#ui/components/words.ts';

export function sentenceOf(plan: SplitPlan): Sentence {
  const { split, worldSize } = plan.config;
  switch (split) {
    case 'none':
      return worldSize === 1 ? unsplitOnOne(plan) : unsplitOnMany(plan);
    case 'column':
      return worldSize === 1 ? splitOnOne(plan, 'Column split') : column(plan);
    case 'row':
      return worldSize === 1 ? splitOnOne(plan, 'Row split') : row(plan);
    case 'pair':
      return worldSize === 1 ? splitOnOne(plan, 'Column, then row') : pair(plan);
    default:
      return split satisfies never;
  }
}

/** Why a product is split, and over how many, with terms marked. */
export function whyOf({ split, ranks }: Pick<SplitParams, 'split' | 'ranks'>): string {
  const workers = workersOf(ranks);
  const held = split === 'none' ? 'all of it' : `${FRACTIONS.get(ranks) ?? 'a part'}`;
  const hold = ranks === 1 ? `${workers} holds all of it` : `${workers} hold ${held} each`;
  return `A weight too big for one GPU is cut over several. Here ${hold}.`;
}

const FRACTIONS: ReadonlyMap<number, string> = new Map([
  [2, 'half'],
  [3, 'a third'],
  [4, 'a quarter'],
  [5, 'a fifth'],
  [6, 'a sixth'],
  [7, 'a seventh'],
  [8, 'an eighth'],
]);

/** Whether the plan adds the bias more than once, and so gives a wrong Y. */
export function hasBiasBug(plan: SplitPlan): boolean {
  const { bias, biasOnEveryRank, worldSize } = plan.config;
  return bias && biasOnEveryRank && worldSize > 1 && lastOf(plan).layer === 'row';
}

function unsplitOnOne(plan: SplitPlan): Sentence {
  const { k, n } = plan.config;
  return {
    title: 'No split: one rank computes all of Y',
    body: [
      'One rank multiplied all of X by the whole of W, ',
      { strong: `${k.toLocaleString('en')} × ${n.toLocaleString('en')} weights` },
      '. Nothing is split and nothing moves. This is the result that every split has to match.',
    ],
  };
}

function unsplitOnMany(plan: SplitPlan): Sentence {
  const { worldSize, m, k, n } = plan.config;
  const ranks = numberWord(worldSize);
  return {
    title: `No split on ${worldSize} ranks: every rank did all the work`,
    body: [
      'Each rank multiplied all of X by the whole of W: ',
      { strong: `${(m * k * n).toLocaleString('en')} multiply-adds` },
      `, ${ranks} times over. Nothing moved between ranks, and nothing was saved: ${ranks} copies of W hold the same numbers.`,
    ],
  };
}

function splitOnOne(plan: SplitPlan, name: string): Sentence {
  const weights = plan.config.split === 'pair' ? 'the whole of A and the whole of B' : 'the whole of W';
  const body = [
    `With one rank, its shard is ${weights}, and the product is already Y. There is no neighbour to send anything to.`,
  ];
  if (plan.config.bias && plan.config.biasOnEveryRank && lastOf(plan).layer === 'row') {
    body.push(' Bias on every rank does no harm here, since there is only one.');
  }
  body.push(' Choose two or more ranks to see the matrices cut.');
  return { title: `${name} on 1 rank: nothing is split, nothing moves`, body };
}

function column(plan: SplitPlan): Sentence {
  const { worldSize, gatherOutput } = plan.config;
  const mine = columnsOf(lastOf(plan));
  const blocks = lastOf(plan).shards.filter((shard) => lengthOf(shard.w.rows) > 0).length;
  const multiplied: Phrase[] = ['Each rank multiplied all of X by its ', { strong: `${mine} of W` }];
  if (!gatherOutput) {
    return {
      title: `Column split on ${worldSize} ranks: each keeps its columns of Y, nothing moves`,
      body: [
        ...multiplied,
        ' and keeps the same columns of Y, finished. ',
        { strong: 'Nothing moved' },
        ': a row split that comes next wants its input cut in just this way.',
      ],
    };
  }
  return {
    title: `Column split on ${worldSize} ranks: ${numberWord(blocks)} ${blocks === 1 ? 'block' : 'blocks'} of finished columns, one all-gather`,
    body: [
      ...multiplied,
      ', which gives the same columns of Y, finished. There is nothing to sum: the ranks passed their columns round a ring in ',
      { strong: ringSteps(plan) },
      ' until all of them held Y.',
    ],
  };
}

function row(plan: SplitPlan): Sentence {
  const { worldSize } = plan.config;
  const product = lastOf(plan);
  const columnsOfX = share(product, (shard) => lengthOf(shard.x.cols), 'column');
  const multiplied: Phrase[] = [
    'Each rank multiplied ',
    { strong: `${columnsOfX} of X` },
    ' by its ',
    { strong: `${rowsOf(product)} of W` },
  ];
  if (hasBiasBug(plan)) {
    return {
      title: `Row split on ${worldSize} ranks, with the bias added ${timesWord(worldSize)}`,
      body: [...multiplied, ' and added the whole bias to its partial. ', ...bugEnd(plan)],
    };
  }
  return {
    title: `Row split on ${worldSize} ranks: ${numberWord(worldSize)} partial products, one all-reduce`,
    body: [
      ...multiplied,
      '. Every result is a full-size partial of Y, so the ranks passed chunks round a ring in ',
      { strong: ringSteps(plan) },
      ' until all of them held the sum.',
    ],
  };
}

function pair(plan: SplitPlan): Sentence {
  const { worldSize } = plan.config;
  const [first = lastOf(plan)] = plan.products;
  const multiplied: Phrase[] = [
    'Each rank multiplied all of X by its ',
    { strong: `${columnsOf(first)} of A` },
    ', and what that gave, the same columns of H, by its ',
    { strong: `${rowsOf(lastOf(plan))} of B` },
  ];
  if (hasBiasBug(plan)) {
    return {
      title: `Column, then row on ${worldSize} ranks, with the bias added ${timesWord(worldSize)}`,
      body: [...multiplied, '. It then added the whole bias to its partial. ', ...bugEnd(plan)],
    };
  }
  return {
    title: `Column, then row on ${worldSize} ranks: two products, one all-reduce`,
    body: [
      ...multiplied,
      '. ',
      { strong: 'Nothing moved in between' },
      '. Only the partials of Y had to be summed, round a ring in ',
      { strong: ringSteps(plan) },
      '.',
    ],
  };
}

function bugEnd(plan: SplitPlan): Phrase[] {
  return [
    `The ring sums the partials in ${ringSteps(plan)}, and the bias with them, so Y holds it `,
    { strong: timesWord(plan.config.worldSize) },
    ' instead of once.',
  ];
}

function ringSteps(plan: SplitPlan): string {
  return counted(timelineOf(plan).filter((moment) => moment.ringStep !== undefined).length, 'step');
}

function columnsOf(product: PlannedProduct): string {
  return share(product, (shard) => lengthOf(shard.w.rows), 'column');
}

function rowsOf(product: PlannedProduct): string {
  return share(product, (shard) => lengthOf(shard.w.cols), 'row');
}

function share(product: PlannedProduct, length: (shard: ProductShard) => number, noun: string): string {
  return shareOf(product.shards.map(length), noun);
}

function lastOf(plan: SplitPlan): PlannedProduct {
  const last = plan.products[plan.products.length - 1];
  if (last === undefined) throw new Error('a plan has at least one product');
  return last;
}
