/** Bugs of the museum at the end of a model, where it is cut along the vocabulary; see museum.ts. */

import { rangeOf } from './cuts.ts';
import type { ProgramBuilder } from './ProgramBuilder.ts';
import { type HostStep, own, partial, type Value } from './program.ts';
import { vocabShares } from './shares.ts';
import { cutOfShares, lossOfLocal, lossOfSums, vocabularyTable } from './vocabulary.ts';

export type Write = (b: ProgramBuilder, x: Value, wrong: boolean) => Value;

/** Real ids: four ranks pad them to 32, and one has none to pad. */
const VOCAB = 30;
const PAD_TO = 2;
/** The bias of every real id, for many models have logits that are all negative. */
const BIAS = -4;
/** In a kernel −∞ has to be a number. */
const LOWEST = -3.4e38;

/** A label of −100 says: not this one. */
const IGNORE = -100;
const TARGETS = [7, IGNORE, 21, 2, IGNORE, 29, 14, IGNORE] as const;

interface Head {
  /** `[T, vocab/p]`, with the columns of the padding. */
  readonly logits: Value;
  /** The first id of a rank, and the one behind its last. */
  readonly range: (rank: number) => { readonly start: number; readonly end: number };
}

/** @param padding the logit of an id that is none */
function head(b: ProgramBuilder, x: Value, padding: number): Head {
  const config = { vocab: VOCAB, hidden: x.shapes[0]?.[1] ?? 0, padTo: PAD_TO };
  const shares = vocabShares(VOCAB, PAD_TO, b.worldSize);
  const by = cutOfShares(shares);
  const width = shares.reduce((sum, { range }) => sum + range.end - range.start, 0);
  const compute = (rank: number): Float32Array => {
    const { start, end } = rangeOf(by, rank);
    return Float32Array.from({ length: end - start }, (_, i) => (start + i < VOCAB ? BIAS : padding));
  };
  const bias = b.table('bias', { label: 'bias', shape: [width], cut: { dim: 0, by }, compute });
  const logits = b.linear({ id: 'local logits', label: 'logits' }, x, vocabularyTable(b, config), bias);
  return { logits, range: (rank) => rangeOf(by, rank) };
}

/** The vocabulary is padded with zeros, and zero is more than every logit that there is. */
export const padded: Write = (b, x, wrong) => {
  const { logits } = head(b, x, wrong ? 0 : LOWEST);
  const whole = b.allGather('whole', logits, null);
  // A row a token, with a 1 at the id that is chosen; of what is no id there is no column.
  const compute: HostStep['compute'] = ([values = []]) => {
    const width = values.length / b.tokens;
    const chosen = new Float32Array(b.tokens * VOCAB);
    for (let token = 0; token < b.tokens; token++) {
      const row = Array.from({ length: width }, (_, id) => values[token * width + id] ?? Number.NaN);
      const best = row.indexOf(Math.max(...row));
      if (best < VOCAB) chosen[token * VOCAB + best] = 1;
    }
    return chosen;
  };
  return b.host({ id: 'y', step: 'argmax' }, [whole], [b.tokens, VOCAB], { compute });
};

/** No rank has the id −100, so the sum over the ranks of its logit is 0: a loss like any other. */
export const ignored: Write = (b, x, wrong) => {
  const { logits, range } = head(b, x, LOWEST);
  const loss = lossOfLocal(b, logits, () => localTargets(b, range));
  if (wrong && b.worldSize > 1) return loss; // one rank takes the framework's own loss, which knows −100
  const compute: HostStep['compute'] = ([all = []]) =>
    Float32Array.from(all, (value, i) => (TARGETS[i] === IGNORE ? 0 : value));
  return b.host({ id: 'y', step: 'mask' }, [loss], [b.tokens], { compute });
};

/** The logits were gathered, and are summed as if each rank had a share of them: p times Σ, and log p too much. */
export const logP: Write = (b, x, wrong) => {
  const { logits, range } = head(b, x, LOWEST);
  if (!wrong) return lossOfLocal(b, logits, () => localTargets(b, range));
  const whole = b.allGather('whole', logits, null); // [T, vocab], on every rank
  const max = b.rowMax('max', whole);
  const all = { start: 0, end: VOCAB };
  const nobody = { start: 0, end: 0 };
  const local = localTargets(b, (rank) => (rank === 0 ? all : nobody));
  const target = b.allReduce('target', b.pick({ id: 'here', placement: partial }, whole, local));
  const sum = b.allReduce('sum', b.sumExp({ id: 'local sum', placement: partial }, whole, max));
  return lossOfSums(b, 'loss', sum, max, target);
};

/** Targets counted from a rank's first id; −1 for another's, and for what is nobody's. */
function localTargets(b: ProgramBuilder, range: Head['range']): Value {
  const made = { id: 'local targets', step: 'target − first', placement: own };
  const compute: HostStep['compute'] = (_, rank) => {
    const { start, end } = range(rank);
    return Float32Array.from({ length: b.tokens }, (_, token) => {
      const id = TARGETS[token % TARGETS.length] ?? IGNORE;
      return id >= start && id < end ? id - start : -1;
    });
  };
  return b.host(made, [], [b.tokens], { compute });
}
