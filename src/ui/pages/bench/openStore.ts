import type { StoreApi } from 'zustand/vanilla';
import type { BenchStore } from '../../../lab/bench/state.ts';
import { createBenchStore } from '../../../lab/bench/store.ts';
import { bindBenchUrl } from './url/bindBenchUrl.ts';
import { fromHash } from './url/link.ts';

let opened: StoreApi<BenchStore> | null = null;

/** The page's store, bound to the address. There is one, so that a run goes on during a look at another page. */
export function openStore(): StoreApi<BenchStore> {
  if (opened !== null) return opened;
  const store = createBenchStore(fromHash(location.hash));
  bindBenchUrl(store, window);
  // A run that is left behind is lost from there on; what is done is kept either way.
  addEventListener('beforeunload', (event) => {
    if (store.getState().phase !== 'idle') event.preventDefault();
  });
  opened = store;
  return store;
}
