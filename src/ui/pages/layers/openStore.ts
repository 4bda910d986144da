import type { StoreApi } from 'zustand/vanilla';
import type { LayersStore } from '../../../lab/layers/state.ts';
import { createLayersStore } from '../../../lab/layers/store.ts';
import { bindUrl } from '../../url/bindUrl.ts';
import { fromHash, layersLink } from './url/link.ts';

let opened: StoreApi<LayersStore> | null = null;

/** The page's store, bound to the address. There is one, so that its ranks outlive a look at another page. */
export function openStore(): StoreApi<LayersStore> {
  if (opened !== null) return opened;
  const { params, at, open } = fromHash(location.hash);
  opened = createLayersStore({ params, selected: open, ...(at !== null && { at }) });
  bindUrl(opened, layersLink, window);
  return opened;
}
