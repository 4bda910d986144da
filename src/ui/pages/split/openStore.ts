import type { StoreApi } from 'zustand/vanilla';
import type { SplitStore } from '../../../lab/split/state.ts';
import { createSplitStore } from '../../../lab/split/store.ts';
import { bindUrl } from '../../url/bindUrl.ts';
import { fromHash, splitLink } from './url/link.ts';

let opened: StoreApi<SplitStore> | null = null;

/** The page's store, bound to the address. There is one, so that its ranks outlive a look at another page. */
export function openStore(): StoreApi<SplitStore> {
  if (opened !== null) return opened;
  const { params, at, cell } = fromHash(location.hash);
  opened = createSplitStore({ params, cell, ...(at !== null && { at }) });
  bindUrl(opened, splitLink, window);
  return opened;
}
