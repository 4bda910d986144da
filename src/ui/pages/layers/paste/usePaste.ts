/** The paste box's own state: there is one box, and it outlives a look at another page. */

import { type StoreApi, useStore } from 'zustand';
import { createPasteStore, type PasteStore, type Shelf } from './pasteStore.ts';

let opened: StoreApi<PasteStore> | null = null;

function open(): StoreApi<PasteStore> {
  opened ??= createPasteStore(sessionShelf());
  return opened;
}

/** Reading the property throws where cookies are blocked. */
function sessionShelf(): Shelf | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Renders again only when what `selector` returns is another value. */
export function usePaste<T>(selector: (state: PasteStore) => T): T {
  return useStore(open(), selector);
}
