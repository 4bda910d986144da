/** Two runs against each other, case by case. */

import { caseKey } from '../../bench/cases.ts';
import type { BenchCase, BenchResult } from '../../bench/record.ts';
import { type Interval, meanInterval, ratioOfMedians } from '../../numerics/statistics.ts';
import { doubtOf, isMeasured, isTrusted } from './trust.ts';

/** What both runs measured. */
export interface Pair {
  readonly case: BenchCase;
  readonly baseMs: readonly number[];
  readonly otherMs: readonly number[];
  /** Why one of the two times is not to be built on; '' where both are. */
  readonly doubt: string;
}

export interface Comparison {
  readonly case: BenchCase;
  /** The other's median over the base's, and its 95 % interval: below 1 the other is faster. */
  readonly ratio: Interval;
  /** As the pair's: such a cell is shown, and is no part of the whole. */
  readonly doubt: string;
}

export type Change = 'faster' | 'slower' | 'same' | 'cannot be told';

export interface Match {
  readonly pairs: readonly Pair[];
  /** Cases that only one of the two has, or could run. */
  readonly onlyBase: number;
  readonly onlyOther: number;
}

/** What makes two cases the same, with or without where they ran: a page's ring goes against a cluster's. */
export type MatchBy = 'case' | 'work';

export function matchRuns(base: readonly BenchResult[], other: readonly BenchResult[], by: MatchBy): Match {
  const keyOf = by === 'case' ? caseKey : workKey;
  const bases = fastestByKey(base, keyOf);
  const others = fastestByKey(other, keyOf);
  const pairs = [...others].flatMap(([key, result]): Pair[] => {
    const against = bases.get(key);
    if (against === undefined) return [];
    const inBase = doubtOf(against);
    const doubt = doubtOf(result) || (inBase === '' ? '' : `in the base: ${inBase}`);
    return [{ case: result, baseMs: against.samplesMs, otherMs: result.samplesMs, doubt }];
  });
  return { pairs, onlyBase: bases.size - pairs.length, onlyOther: others.size - pairs.length };
}

export function compareOne({ case: one, baseMs, otherMs, doubt }: Pair): Comparison {
  return { case: one, ratio: ratioOfMedians(baseMs, otherMs), doubt };
}

/** By whether the interval leaves 1 out. One without an end is of single samples, which say nothing of the next. */
export function changeOf({ low, high }: Interval): Change {
  if (high === Number.POSITIVE_INFINITY) return 'cannot be told';
  if (high < 1) return 'faster';
  return low > 1 ? 'slower' : 'same';
}

/**
 * The geometric mean of the ratios over all cells that can be built on, with its 95 % interval; null without such cells.
 * In no other mean do twice as fast and half as fast cancel out.
 * Of one it is that cell's own interval: how far cells lie apart is then not known.
 */
export function meanRatio(comparisons: readonly Comparison[]): Interval | null {
  const [first, ...others] = comparisons.filter(({ doubt }) => doubt === '').map(({ ratio }) => ratio);
  if (first === undefined) return null;
  if (others.length === 0) return first;
  const { value, low, high } = meanInterval([first, ...others].map((ratio) => Math.log(ratio.value)));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/**
 * A case is once in a run; the same work may be there on several devices, of which the fastest counts that is right, or
 * the fastest where none is.
 */
function fastestByKey(
  results: readonly BenchResult[],
  keyOf: (one: BenchCase) => string,
): Map<string, BenchResult> {
  const bestLast = results
    .filter(isMeasured)
    .toSorted((a, b) => Number(isTrusted(a)) - Number(isTrusted(b)) || b.medianMs - a.medianMs);
  return new Map(bestLast.map((result) => [keyOf(result), result]));
}

function workKey({ op, worldSize, shape, bytes }: BenchCase): string {
  const { blocks: _, ...work } = shape; // the same work, in however many pieces
  const sizes = Object.entries(work).toSorted(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([op, worldSize, sizes, sizes.length > 0 ? 0 : bytes]);
}
