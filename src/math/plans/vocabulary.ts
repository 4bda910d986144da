/** The two ends of a language model and its loss, all cut along the vocabulary. */

import { rowMaxFlops, sumExpFlops } from '../costs.ts';
import { lengthOf } from '../ranges.ts';
import type { VocabConfig } from './configs.ts';
import { cut, own, type PlanBuilder, partial, replicated } from './PlanBuilder.ts';
import { type PlannedTensor, rangeNote } from './plan.ts';
import { type VocabShare, vocabShares } from './shares.ts';

/** Each rank looks up the ids that are its own, has zeros for the others, and the sum is the embedding. */
export function planEmbedding(plan: PlanBuilder, ids: PlannedTensor, config: VocabConfig): PlannedTensor {
  const product = planEmbeddingPartial(plan, ids, config);
  plan.stage('all-reduce', 'one rank’s row, the others’ zeros');
  return plan.allReduce('y', product, 'y');
}

export function planEmbeddingPartial(
  plan: PlanBuilder,
  ids: PlannedTensor,
  { vocab, hidden, padTo = 1 }: VocabConfig,
): PlannedTensor {
  const tokens = ids.shapes[0]?.[0] ?? 0;
  const shares = vocabShares(vocab, padTo, plan.worldSize);
  plan.stage('mask', 'an id of another rank becomes −1');
  const local = plan.op(
    'upload',
    'local ids',
    { label: 'id − first', inputs: [ids] },
    { label: 'local ids', placement: own, shape: [tokens], note: (rank) => vocabNote(shares[rank]) },
  );
  plan.stage('look up', 'zeros where the id is −1');
  const table = plan.store('weight', 'weight', tableOf(shares, hidden));
  return plan.op(
    'rows',
    'partial',
    { label: 'E[id]', inputs: [table, local] },
    { label: 'partial', placement: partial, shape: [tokens, hidden] },
  );
}

/** logits = x·Eᵀ of every row of x: a column split and one all-gather. Padded ids get −∞. */
export function planHead(plan: PlanBuilder, x: PlannedTensor, config: VocabConfig): PlannedTensor {
  const { vocab, padTo = 1 } = config;
  const tokens = x.shapes[0]?.[0] ?? 0;
  const shares = vocabShares(vocab, padTo, plan.worldSize);
  const logits = planLocalLogits(plan, x, config);
  plan.stage('all-gather', 'the columns of all ranks, side by side');
  const padded = shares[0]?.padded ?? vocab;
  return plan.collective(
    'all_gather',
    'logits',
    logits,
    { label: 'logits', placement: replicated, shape: [tokens, padded] },
    { counts: shares.map(({ range }) => tokens * lengthOf(range)) },
  );
}

/** loss = log Σ e^(logit − max) + max − logit of the target, for each token: three all-reduces of one number a token. */
export function planCrossEntropy(
  plan: PlanBuilder,
  x: PlannedTensor,
  targets: PlannedTensor,
  config: VocabConfig,
): PlannedTensor {
  const tokens = x.shapes[0]?.[0] ?? 0;
  const shares = vocabShares(config.vocab, config.padTo ?? 1, plan.worldSize);
  const logits = planLocalLogits(plan, x, config);
  const row = (label: string) => ({ label, placement: partial, shape: [tokens] });
  const local = (rank: number): number => tokens * lengthOf(shares[rank]?.range ?? { start: 0, end: 0 });

  plan.stage('largest logit', 'so that no exp overflows');
  const max = plan.op(
    'rowMax',
    'local max',
    { label: 'max', inputs: [logits], flops: (rank) => rowMaxFlops(local(rank)) },
    row('max here'),
  );
  const shift = plan.collective(
    'all_reduce',
    'max',
    max,
    { label: 'max', placement: replicated, shape: [tokens] },
    { op: 'max' },
  );

  plan.stage('target’s logit', '0 where the target lives elsewhere');
  const localTargets = plan.op(
    'upload',
    'local targets',
    { label: 'target − first', inputs: [targets] },
    { label: 'local targets', placement: own, shape: [tokens], note: (rank) => vocabNote(shares[rank]) },
  );
  const picked = plan.op(
    'pick',
    'local target',
    { label: 'logit[target]', inputs: [logits, localTargets] },
    row('here'),
  );
  const target = plan.allReduce('target', picked, 'target');

  plan.stage('Σ exp', 'over the whole vocabulary');
  const sums = plan.op(
    'sumExp',
    'local sum',
    { label: 'Σ e^(z − max)', inputs: [logits, shift], flops: (rank) => sumExpFlops(local(rank)) },
    row('Σ here'),
  );
  const sum = plan.allReduce('sum', sums, 'Σ');

  plan.stage('loss', 'on the host: one number a token');
  return plan.op(
    'upload',
    'loss',
    { label: 'log Σ + max − target', inputs: [sum, shift, target] },
    { label: 'loss', placement: replicated, shape: [tokens] },
  );
}

/** Each rank's own columns of the logits. */
function planLocalLogits(
  plan: PlanBuilder,
  x: PlannedTensor,
  { vocab, hidden, padTo = 1 }: VocabConfig,
): PlannedTensor {
  const tokens = x.shapes[0]?.[0] ?? 0;
  const shares = vocabShares(vocab, padTo, plan.worldSize);
  const ranges = shares.map(({ range }) => range);
  const padded = shares[0]?.padded ?? vocab;
  plan.stage('column split', 'over the vocabulary');
  const w = plan.store('weight', 'weight', tableOf(shares, hidden));
  const b =
    padded > vocab ? plan.store('padding', 'weight', cut('−∞ on padding', [padded], 0, ranges)) : null;
  return plan.linear(
    'local logits',
    { x, w, b, label: 'x·Eᵀ' },
    { ...cut('logits', [tokens, padded], 1, ranges), note: (rank) => vocabNote(shares[rank]) },
  );
}

function tableOf(shares: readonly VocabShare[], hidden: number) {
  const ranges = shares.map(({ range }) => range);
  return {
    ...cut('E', [shares[0]?.padded ?? 0, hidden], 0, ranges),
    note: (rank: number) => vocabNote(shares[rank]),
  };
}

function vocabNote(share: VocabShare | undefined): string {
  if (share === undefined) return '';
  const { range, real } = share;
  const note = rangeNote('id', range.start, range.end);
  return real < lengthOf(range) ? `${note}, ${lengthOf(range) - real} padded` : note;
}
