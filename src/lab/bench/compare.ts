/** Two runs against each other, case by case. */

import { caseKey } from '../../math/bench/cases.ts';
import type { BenchCase, BenchResult } from '../../math/bench/record.ts';
import { type Interval, meanInterval, ratioOfMedians } from '../../math/statistics.ts';
import { isMeasured } from './predict.ts';

/** What both runs measured. */
export interface Pair {
  readonly case: BenchCase;
  readonly baseMs: readonly number[];
  readonly otherMs: readonly number[];
}

export interface Comparison {
  readonly case: BenchCase;
  /** The other's median over the base's, and its 95 % interval: below 1 the other is faster. */
  readonly ratio: Interval;
}

export type Verdict = 'faster' | 'slower' | 'same';

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
    return against === undefined
      ? []
      : [{ case: result, baseMs: against.samplesMs, otherMs: result.samplesMs }];
  });
  return { pairs, onlyBase: bases.size - pairs.length, onlyOther: others.size - pairs.length };
}

export function compareOne({ case: one, baseMs, otherMs }: Pair): Comparison {
  return { case: one, ratio: ratioOfMedians(baseMs, otherMs) };
}

/** By whether the interval leaves 1 out. */
export function verdictOf({ low, high }: Interval): Verdict {
  if (high < 1) return 'faster';
  return low > 1 ? 'slower' : 'same';
}

/** The geometric mean of the ratios over all cases, with its 95 % interval; null without cases. */
export function meanRatio(comparisons: readonly Comparison[]): Interval | null {
  if (comparisons.length === 0) return null;
  const { value, low, high } = meanInterval(comparisons.map(({ ratio }) => Math.log(ratio.value)));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/** A case is once in a run; the same work may be there on several devices, of which the fastest counts. */
function fastestByKey(
  results: readonly BenchResult[],
  keyOf: (one: BenchCase) => string,
): Map<string, BenchResult> {
  const slowestFirst = results.filter(isMeasured).toSorted((a, b) => b.medianMs - a.medianMs);
  return new Map(slowestFirst.map((result) => [keyOf(result), result]));
}

function workKey({ op, worldSize, shape, bytes }: BenchCase): string {
  const sizes = Object.entries(shape).toSorted(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([op, worldSize, sizes, sizes.length > 0 ? 0 : bytes]);
}
