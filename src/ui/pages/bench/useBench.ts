/** The store of the Benchmark page, bound to the address. A look at another page ends no run. */

import type { StoreApi } from 'zustand/vanilla';
import type { BenchResult } from '#bench/record.ts';
import type { BenchStore, RunHeader } from '#lab/bench/state.ts';
import { createBenchStore } from '#lab/bench/store.ts';
import { clearMachine, lookAtBenchmark } from '#ui/page/machine.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindBenchUrl, fromHash } from './link.ts';

export const benchStore = pageStore(createStore, lookAtBenchmark);
export const useBench = benchStore.use;

function createStore(): StoreApi<BenchStore> {
  const store = createBenchStore(fromHash(location.hash));
  bindBenchUrl(store, window);
  store.subscribe((state, before) => {
    if (isBusy(state) && !isBusy(before)) clearMachine();
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

/** Its results so far. */
export function useResults(): readonly BenchResult[] {
  return useBench(({ results, shown }) => (shown === null ? NONE : (results.get(shown) ?? NONE)));
}
