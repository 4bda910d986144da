/** The two ends of a language model and its loss, all cut along the vocabulary. */

import { LabError } from '../base/errors.ts';
import { zerosLike } from '../numerics/packed.ts';
import { lengthOf } from '../numerics/ranges.ts';
import { checkSizes } from './checks.ts';
import type { VocabConfig } from './configs.ts';
import { type Cut, rangeNote, rangesOf } from './cuts.ts';
import { choice, type Definition, HIDDEN, size } from './definition.ts';
import { type Layer, rowsInput } from './layer.ts';
import type { ModelConfig } from './modelConfig.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import { type Arrangement, own, type Part, type Value } from './program.ts';
import { type VocabShare, vocabShares } from './shares.ts';
import { shrinkVocab } from './shrink.ts';
import { call, rangesText, type Use } from './torch/python.ts';

/** In a kernel −∞ has to be a number: WGSL may assume that there are no infinities. */
const LOWEST = -3.4028234663852886e38;

/**
 * ids `[T]` → `[T, hidden]`. Each rank looks up the ids that are its own and has zeros for the others, so that every row
 * of the sum is one rank's row plus zeros: exact, whatever the order.
 */
export function embedding(b: ProgramBuilder, ids: Value, config: VocabConfig, e?: Value): Value {
  const partial = embeddingPartial(b, ids, config, e); // [T, hidden]
  b.stage('all-reduce', 'one rank’s row, the others’ zeros');
  return b.allReduce('y', partial);
}

/** Up to the partial, whose sum over the ranks is the embedding. @param e the table; one of its own where left out */
export function embeddingPartial(b: ProgramBuilder, ids: Value, config: VocabConfig, e?: Value): Value {
  const shares = sharesOf(b, config);
  b.stage('mask', 'an id of another rank becomes −1');
  const local = localIds(b, { id: 'local ids', step: 'id − first' }, ids, config, shares);
  b.stage('look up', 'zeros where the id is −1');
  return b.rows({ id: 'partial', step: 'E[id]' }, e ?? vocabularyTable(b, config), local);
}

/**
 * logits = x·Eᵀ of every row of x, `[T, hidden]` → `[T, padded vocab]`: a column split and one all-gather. Padded ids get
 * −∞, so that none is ever chosen.
 * @param e the table: that of the embedding where both are tied, one of its own where left out
 */
export function languageModelHead(b: ProgramBuilder, x: Value, config: VocabConfig, e?: Value): Value {
  const logits = localLogits(b, x, config, e); // [T, vocab/p]
  const { padded } = sharesOf(b, config)[0] as VocabShare;
  b.stage('all-gather', 'the columns of all ranks, side by side');
  return b.allGather('logits', logits, padded > config.vocab ? config.vocab : null);
}

/**
 * loss = log Σ e^(logit − max) + max − logit of the target, for each token: x `[T, hidden]`, targets `[T]` → `[T]`. Three
 * all-reduces of one number a token in place of an all-gather of the vocabulary, as Megatron-LM's
 * `vocab_parallel_cross_entropy`.
 */
export function crossEntropy(b: ProgramBuilder, x: Value, targets: Value, config: VocabConfig): Value {
  return lossOfLogits(b, localLogits(b, x, config), targets, config);
}

/** The same from logits that are cut along the vocabulary, `[T, vocab/p]`. */
export function lossOfLogits(b: ProgramBuilder, logits: Value, targets: Value, config: VocabConfig): Value {
  const shares = sharesOf(b, config);
  return lossOfLocal(b, logits, () =>
    localIds(b, { id: 'local targets', step: 'target − first' }, targets, config, shares),
  );
}

/** @param localTargets makes the targets as they are counted from a rank's first id; −1 for another's */
export function lossOfLocal(b: ProgramBuilder, logits: Value, localTargets: () => Value): Value {
  b.stage('largest logit', 'so that no exp overflows');
  const localMax = b.rowMax({ id: 'local max', label: 'max here', step: 'max' }, logits); // [T]
  const max = b.allReduce('max', localMax, 'max');

  b.stage('target’s logit', '0 where the target lives elsewhere');
  const picked = b.pick({ id: 'local target', label: 'here', step: 'logit[target]' }, logits, localTargets()); // [T]
  const target = b.allReduce('target', picked);

  b.stage('Σ exp', 'over the whole vocabulary');
  const localSum = b.sumExp({ id: 'local sum', label: 'Σ here', step: 'Σ e^(z − max)' }, logits, max); // [T]
  const sum = b.allReduce({ id: 'sum', label: 'Σ' }, localSum);

  b.stage('loss', 'on the host: one number a token');
  return lossOfSums(b, 'loss', sum, max, target);
}

/** log Σ + max − target, each `[T]`. */
export function lossOfSums(b: ProgramBuilder, id: string, sum: Value, max: Value, target: Value): Value {
  const made = { id, step: 'log Σ + max − target' };
  return b.host(made, [sum, max, target], [b.tokens], {
    compute: ([sums = [], maxima = [], chosen = []]) =>
      Float32Array.from(sums, (value, i) => Math.log(value) + (maxima[i] as number) - (chosen[i] as number)),
    torch: (_, sums, maxima, chosen) => `${sums}.log() + ${maxima} - ${chosen}`,
  });
}

/** Each rank's own columns of the logits `[T, vocab/p]`; as low as can be for padded ids. */
function localLogits(b: ProgramBuilder, x: Value, config: VocabConfig, e?: Value): Value {
  const shares = sharesOf(b, config);
  const [{ padded }] = shares as [VocabShare];
  b.stage('column split', 'over the vocabulary');
  const w = e ?? vocabularyTable(b, config);
  const lowest = (rank: number): Float32Array => {
    const { range, real } = shares[rank] as VocabShare;
    return new Float32Array(lengthOf(range)).fill(LOWEST, real);
  };
  const none = `F.pad(torch.zeros(${config.vocab}), (0, ${padded - config.vocab}), value=float("-inf"))`;
  const cut = { dim: 0, by: cutOfShares(shares) } as const;
  const padding =
    padded > config.vocab
      ? b.table('padding', {
          label: '−∞ on padding',
          shape: [padded],
          cut,
          compute: lowest,
          torch: () => none,
        })
      : undefined;
  return b.linear({ id: 'local logits', label: 'logits' }, x, w, padding);
}

/** A rank's rows of the table `weight` `[vocab, hidden]`; padded ones are zeros. */
export function vocabularyTable(b: ProgramBuilder, config: VocabConfig): Value {
  const { hidden } = config;
  const shares = sharesOf(b, config);
  const real = (rank: number) => {
    const { range, real } = shares[rank] as VocabShare;
    return { start: range.start, end: range.start + real };
  };
  const name = b.named('weight');
  const parts = (rank: number): Part[] =>
    lengthOf(real(rank)) === 0 ? [] : [{ name, rows: real(rank), cols: { start: 0, end: hidden } }];
  const [{ padded }] = shares as [VocabShare];
  const arrange: Arrangement = {
    apply(data, rank) {
      const { range, real } = shares[rank] as VocabShare;
      if (real === lengthOf(range)) return data; // no copy of what may be a quarter of a rank's shard
      const rows = zerosLike(data, lengthOf(range) * hidden);
      rows.set(data);
      return rows;
    },
    torch: (w) => (padded > config.vocab ? `F.pad(${w}, (0, 0, 0, ${padded - config.vocab}))` : w),
  };
  const cut = { dim: 0, by: cutOfShares(shares) } as const;
  return b.arranged('weight', { label: 'E', shape: [padded, hidden], cut, parts, arrange });
}

/** Ids counted from a rank's first one; −1 for another's. */
function localIds(
  b: ProgramBuilder,
  made: { id: string; step: string },
  ids: Value,
  { vocab }: VocabConfig,
  shares: readonly VocabShare[],
): Value {
  const cut = cutOfShares(shares);
  const compute = ([all = []]: readonly ArrayLike<number>[], rank: number): Float32Array => {
    const { start, end } = (shares[rank] as VocabShare).range;
    return Float32Array.from(all, (id) => {
      if (!Number.isInteger(id) || id < 0 || id >= vocab) {
        throw new LabError('input', `${id} is no token id: they go from 0 to ${vocab - 1}.`);
      }
      return id >= start && id < end ? id - start : -1;
    });
  };
  const torch = (use: Use, all = ''): string => call(use('own_ids'), [all, rangesText(rangesOf(cut))]);
  return b.host({ ...made, placement: own }, [ids], [b.tokens], { compute, torch }, cut.notes);
}

function sharesOf(b: ProgramBuilder, { vocab, hidden, padTo = 1 }: VocabConfig): VocabShare[] {
  checkSizes('vocabulary', { vocab, hidden, padTo });
  return vocabShares(vocab, padTo, b.worldSize);
}

/** "ids 12–17, 6 padded". */
export function cutOfShares(shares: readonly VocabShare[]): Cut {
  const note = ({ range, real }: VocabShare): string => {
    const ids = rangeNote('id', range.start, range.end);
    return real < lengthOf(range) ? `${ids}, ${lengthOf(range) - real} padded` : ids;
  };
  return { units: shares.map(({ range }) => range), width: 1, notes: shares.map(note) };
}

const fields = [
  size('vocab', 'Vocabulary', 4096),
  HIDDEN,
  choice(
    'padTo',
    'Padded to a multiple of',
    [
      { value: 1, label: 'none' },
      { value: 16, label: '16' },
      { value: 64, label: '64' },
      { value: 128, label: '128' },
    ],
    { hint: 'vLLM pads to 64, Megatron-LM to 128 times the ranks', absent: 1 },
  ),
] satisfies readonly Definition<keyof VocabConfig>[];

/** All three are cut along the vocabulary of the model. */
const ofVocabulary = {
  caches: false,
  configOf: ({ vocab, hidden }: ModelConfig): VocabConfig => ({ vocab, hidden }),
  shrink: shrinkVocab,
  fields: () => fields,
};

export const embeddingLayer: Layer<'embedding', VocabConfig> = {
  name: 'embedding',
  label: 'Embedding',
  ...ofVocabulary,
  write: (b, config) => embedding(b, b.input('ids', [b.tokens]), config),
};

export const headLayer: Layer<'head', VocabConfig> = {
  name: 'head',
  label: 'Language-model head',
  ...ofVocabulary,
  write: (b, config) => languageModelHead(b, rowsInput(b, config), config),
};

export const crossEntropyLayer: Layer<'cross-entropy', VocabConfig> = {
  name: 'cross-entropy',
  label: 'Cross entropy',
  ...ofVocabulary,
  write(b, config) {
    const targets = b.input('targets', [b.tokens]);
    return crossEntropy(b, rowsInput(b, config), targets, config);
  },
};
