/** The store of the Model page, bound to the address. Its ranks live on while another page is looked at. */

import type { StoreApi } from 'zustand/vanilla';
import { lastPlace, tokenAt } from '#lab/model/conversation.ts';
import type { ModelStore, ShownToken, TokenPlace } from '#lab/model/state.ts';
import { createModelStore } from '#lab/model/store.ts';
import { useDelayed } from '#ui/components/inTime.ts';
import { lookAt } from '#ui/page/machine.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { bindModelUrl, fromHash } from './link.ts';

export const modelStore = pageStore(createStore, lookAt);
export const useModel = modelStore.use;

/** The element that says what is wrong with a field. */
export const PROBLEM_ID = 'model-problem';

function createStore(): StoreApi<ModelStore> {
  const store = createModelStore(fromHash(location.hash));
  bindModelUrl(store);
  return store;
}

/** Where the token is that one looks at, or the last one; null where there is none. */
export function useLookedPlace(): TokenPlace | null {
  const turns = useModel((state) => state.turns);
  const looked = useModel((state) => state.looked);
  return looked !== null && tokenAt(turns, looked) !== null ? looked : lastPlace(turns);
}

export function useLooked(): { readonly place: TokenPlace; readonly token: ShownToken } | null {
  const place = useLookedPlace();
  const token = useModel(({ turns }) => (place === null ? null : tokenAt(turns, place)));
  return place === null || token === null ? null : { place, token };
}

/** A model that is there sooner takes the place of the last one without a flicker. */
const FLICKER_MS = 120;

/**
 * What is on its way to the ranks: a model for a first text, or one for which the text that is there was not written. That
 * text stays meanwhile, for there may be no other.
 */
export function useOpening(): 'first' | 'other' | null {
  const opening = useModel(({ doing }) => doing === 'reading' || doing === 'starting' || doing === 'loading');
  const empty = useModel((state) => state.turns.length === 0);
  const late = useDelayed(opening, FLICKER_MS);
  if (opening && empty) return 'first';
  return late ? 'other' : null;
}

/** Whether the ranks are at rest, and have a model. */
export function useReady(): boolean {
  return useModel(({ phase, alive }) => phase === 'idle' && alive);
}
