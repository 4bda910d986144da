/** The one way in which components read the Split page's state and reach its actions. */

import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { invariant } from '#base/errors.ts';
import type { SplitStore } from '#lab/split/state.ts';

export const SplitContext = createContext<StoreApi<SplitStore> | null>(null);

/** Renders again only when what `selector` returns is another value: return a primitive or a part of the state. */
export function useSplit<T>(selector: (state: SplitStore) => T): T {
  const store = useContext(SplitContext);
  invariant(store !== null, () => 'useSplit is called outside of a SplitContext');
  return useStore(store, selector);
}
