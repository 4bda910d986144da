/** The runs that the charts draw: the one that is shown, and those that are laid over it. */

import { useMemo } from 'react';
import type { BenchResult } from '#bench/record.ts';
import type { BenchStore } from '#lab/bench/state.ts';
import { useBench } from './useBench.ts';

export interface DrawnRun {
  readonly id: string;
  /** '' of the run that is shown, which needs none. */
  readonly name: string;
  readonly overlay: boolean;
  readonly results: readonly BenchResult[];
}

/** The run that comes with the page, for as long as there is no other; else null. */
export function standIn({ runs, shipped }: Pick<BenchStore, 'runs' | 'shipped'>): BenchStore['shipped'] {
  return runs.length === 0 ? shipped : null;
}

export function drawnRuns({
  runs,
  results,
  shown,
  overlays,
  shipped,
}: Pick<BenchStore, 'runs' | 'results' | 'shown' | 'overlays' | 'shipped'>): DrawnRun[] {
  const other = standIn({ runs, shipped });
  if (other !== null) return [{ id: other.run.file, name: '', overlay: false, results: other.results }];
  const ids = [...(shown === null ? [] : [shown]), ...overlays.filter((id) => id !== shown)];
  return ids.flatMap((id) => {
    const own = results.get(id);
    if (own === undefined) return [];
    const overlay = id !== shown;
    const name = overlay ? (runs.find((run) => run.id === id)?.name ?? '') : '';
    return [{ id, name, overlay, results: own }];
  });
}

export function useDrawn(): DrawnRun[] {
  const runs = useBench((state) => state.runs);
  const results = useBench((state) => state.results);
  const shown = useBench((state) => state.shown);
  const overlays = useBench((state) => state.overlays);
  const shipped = useBench((state) => state.shipped);
  return useMemo(
    () => drawnRuns({ runs, results, shown, overlays, shipped }),
    [runs, results, shown, overlays, shipped],
  );
}
