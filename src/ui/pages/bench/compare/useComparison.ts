import { useEffect, useMemo, useState } from 'react';
import { compareAway } from '#lab/bench/away.ts';
import { type Comparison, type Match, type MatchBy, matchRuns } from '#lab/bench/compare.ts';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { useBench, useResults } from '../useBench.ts';

/** The matching cells of the two chosen runs, and their ratios as they come. Waits until no run is under way. */
export function useComparison(by: MatchBy): {
  readonly match: Match | null;
  /** Where nothing matches: how many cells do if it is the work alone that counts. */
  readonly sameWork: number;
  readonly comparisons: readonly Comparison[];
} {
  const results = useInTurn(useResults());
  const idle = useBench((state) => state.phase === 'idle');
  const base = useBench((state) => (state.base === null ? null : (state.results.get(state.base) ?? null)));
  const match = useMemo(
    () => (base === null || !idle ? null : matchRuns(base, results, by)),
    [base, results, by, idle],
  );
  const sameWork = useMemo(
    () =>
      match === null || match.pairs.length > 0 || base === null || by === 'work'
        ? 0
        : matchRuns(base, results, 'work').pairs.length,
    [match, base, results, by],
  );
  const [found, setFound] = useState<{ match: Match; comparisons: readonly Comparison[] } | null>(null);
  useEffect(() => {
    if (match === null) return;
    let comparisons: readonly Comparison[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setFound({ match, comparisons });
    };
    const end = compareAway(match.pairs, (comparison) => {
      comparisons = [...comparisons, comparison];
      timer ??= setTimeout(show, 100); // not once a cell
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [match]);
  return { match, sameWork, comparisons: found !== null && found.match === match ? found.comparisons : NONE };
}

const NONE: readonly Comparison[] = [];
