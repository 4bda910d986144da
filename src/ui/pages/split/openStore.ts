import type { StoreApi } from 'zustand/vanilla';
import type { SplitStore } from '#lab/split/state.ts';
import { createSplitStore } from '#lab/split/store.ts';
import { bindUrl } from '#ui/url/bindUrl.ts';
import { lookAt } from '../machine.ts';
import { fromHash, splitLink } from './url/link.ts';

let opened: StoreApi<SplitStore> | null = null;

/** The page's store, bound to the address. There is one, so that its ranks outlive a look at another page; to a benchmark they give way. */
export function openStore(): StoreApi<SplitStore> {
  opened ??= createStore();
  lookAt(opened);
  return opened;
}

function createStore(): StoreApi<SplitStore> {
  const { params, at, cell } = fromHash(location.hash);
  const store = createSplitStore({ params, cell, ...(at !== null && { at }) });
  bindUrl(store, splitLink, window);
  return store;
}
