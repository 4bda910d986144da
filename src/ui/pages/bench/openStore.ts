import type { StoreApi } from 'zustand/vanilla';
import type { BenchStore } from '#lab/bench/state.ts';
import { createBenchStore } from '#lab/bench/store.ts';
import { clearMachine, lookAtBenchmark } from '../machine.ts';
import { bindBenchUrl } from './url/bindBenchUrl.ts';
import { fromHash } from './url/link.ts';

let opened: StoreApi<BenchStore> | null = null;

/** The page's store, bound to the address. There is one, so that a look at another page ends no run. */
export function openStore(): StoreApi<BenchStore> {
  opened ??= createStore();
  lookAtBenchmark(opened);
  return opened;
}

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
