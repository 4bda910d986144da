/** Which heads, vocabulary entries and experts are a rank's own. Layers and plans ask here, and nowhere else. */

import { LabError } from '../base/errors.ts';
import { lengthOf, type Range, shardRange, shardRanges } from '../numerics/ranges.ts';

/** A rank's heads. Query head q reads key/value head ⌊q / (heads / kvHeads)⌋. */
export interface HeadShare {
  readonly query: Range;
  /** Empty where `query` is. Held by several ranks where there are more ranks than key/value heads. */
  readonly kv: Range;
}

/**
 * Whole groups (a key/value head with the query heads that read it) are dealt out, balanced. Where ranks are a multiple
 * c of the key/value heads, c neighbouring ranks hold the same key/value head and share its query heads.
 *
 * @throws LabError `input` unless kvHeads divides heads
 */
export function headShare(heads: number, kvHeads: number, worldSize: number, rank: number): HeadShare {
  const group = heads / kvHeads;
  if (!Number.isInteger(group)) {
    throw new LabError(
      'input',
      `${kvHeads} key/value heads do not divide ${heads} heads. Use a number that does.`,
    );
  }
  if (worldSize <= kvHeads || worldSize % kvHeads !== 0) {
    const kv = shardRange(kvHeads, worldSize, rank);
    return { kv, query: { start: kv.start * group, end: kv.end * group } };
  }
  const copies = worldSize / kvHeads;
  const head = Math.floor(rank / copies);
  const inGroup = shardRange(group, copies, rank % copies);
  const query = { start: head * group + inGroup.start, end: head * group + inGroup.end };
  return { query, kv: { start: head, end: lengthOf(query) === 0 ? head : head + 1 } };
}

/** {@link headShare} of every rank, in order. */
export function headShares(heads: number, kvHeads: number, worldSize: number): HeadShare[] {
  return Array.from({ length: worldSize }, (_, rank) => headShare(heads, kvHeads, worldSize, rank));
}

/** The vocabulary as it is stored, of which each rank has a share: equally long ones where it is padded. */
export interface VocabShare {
  /** `vocab` where `padTo` is 1; else rounded up to a multiple of `padTo`, and that to one of worldSize. */
  readonly padded: number;
  /** The rank's ids; those from the true size of the vocabulary on are padding. */
  readonly range: Range;
  /** How many of them are true ids. */
  readonly real: number;
}

export function vocabShare(vocab: number, padTo: number, worldSize: number, rank: number): VocabShare {
  const once = Math.ceil(vocab / padTo) * padTo;
  const padded = padTo === 1 ? vocab : Math.ceil(once / worldSize) * worldSize;
  const range = shardRange(padded, worldSize, rank);
  return { padded, range, real: Math.max(0, Math.min(range.end, vocab) - range.start) };
}

/** {@link vocabShare} of every rank, in order. */
export function vocabShares(vocab: number, padTo: number, worldSize: number): VocabShare[] {
  return Array.from({ length: worldSize }, (_, rank) => vocabShare(vocab, padTo, worldSize, rank));
}

/** Experts are contiguous blocks. */
export function expertShares(experts: number, worldSize: number): Range[] {
  return shardRanges(experts, worldSize);
}
