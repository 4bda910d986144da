/** The store of the Benchmark page, bound to the address. A look at another page ends no run. */

import { useMemo } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { BenchResult } from '#bench/record.ts';
import { type Estimate, learnedEstimate } from '#lab/bench/runner.ts';
import { fetchShipped } from '#lab/bench/shipped.ts';
import type { BenchStore, RunHeader } from '#lab/bench/state.ts';
import { createBenchStore } from '#lab/bench/store.ts';
import { tuningStore } from '#lab/tuning/tuning.ts';
import { clearMachine, lookAtBenchmark } from '#ui/page/machine.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindBenchUrl, fromHash } from './link.ts';

export const benchStore = pageStore(createStore, lookAtBenchmark);
export const useBench = benchStore.use;

function createStore(): StoreApi<BenchStore> {
  const store = createBenchStore({ ...fromHash(location.hash), fetchShipped });
  bindBenchUrl(store);
  store.subscribe((state, before) => {
    if (!isBusy(state) || isBusy(before)) return;
    clearMachine();
    tuningStore().getState().stop();
  });
  // A run that is left behind is lost from there on; what is done is kept either way.
  addEventListener('beforeunload', (event) => {
    if (isBusy(store.getState())) event.preventDefault();
  });
  return store;
}

function isBusy({ phase }: BenchStore): boolean {
  return phase !== 'idle';
}

const NONE: readonly BenchResult[] = [];

/** The run that is shown; null where none is. */
export function useShown(): RunHeader | null {
  return useBench(({ runs, shown }) => runs.find(({ id }) => id === shown) ?? null);
}

/** What the chosen run is going to take, as the last one on this machine has taught. Null where it cannot run. */
export function useEstimate(): Estimate | null {
  const options = useBench((state) => state.options);
  const problem = useBench((state) => state.problem);
  const last = useBench(({ runs }) => runs.find(isLesson) ?? null);
  return useMemo(() => {
    if (problem !== null) return null;
    const took = last?.options && last.tookMs ? { options: last.options, ms: last.tookMs } : null;
    return learnedEstimate(options, took);
  }, [options, problem, last]);
}

function isLesson({ imported, options, tookMs }: RunHeader): boolean {
  return !imported && options !== null && tookMs !== undefined;
}

/** Its results so far. */
export function useResults(): readonly BenchResult[] {
  return useBench(({ results, shown }) => (shown === null ? NONE : (results.get(shown) ?? NONE)));
}
