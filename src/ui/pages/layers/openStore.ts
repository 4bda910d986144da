import type { StoreApi } from 'zustand/vanilla';
import type { LayersStore } from '#lab/layers/state.ts';
import { createLayersStore } from '#lab/layers/store.ts';
import { bindUrl } from '#ui/url/bindUrl.ts';
import { lookAt } from '../machine.ts';
import { fromHash, layersLink } from './url/link.ts';

let opened: StoreApi<LayersStore> | null = null;

/** The page's store, bound to the address. There is one, so that its ranks outlive a look at another page; to a benchmark they give way. */
export function openStore(): StoreApi<LayersStore> {
  opened ??= createStore();
  lookAt(opened);
  return opened;
}

function createStore(): StoreApi<LayersStore> {
  const { params, at, open } = fromHash(location.hash);
  const store = createLayersStore({ params, selected: open, ...(at !== null && { at }) });
  bindUrl(store, layersLink, window);
  return store;
}
