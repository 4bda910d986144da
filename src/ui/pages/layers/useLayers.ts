/** The one way in which components read the Layers page's state and reach its actions. */

import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { invariant } from '#base/errors.ts';
import type { LayersStore } from '#lab/layers/state.ts';

export const LayersContext = createContext<StoreApi<LayersStore> | null>(null);

/** Renders again only when what `selector` returns is another value: return a primitive or a part of the state. */
export function useLayers<T>(selector: (state: LayersStore) => T): T {
  const store = useContext(LayersContext);
  invariant(store !== null, () => 'useLayers is called outside of a LayersContext');
  return useStore(store, selector);
}
