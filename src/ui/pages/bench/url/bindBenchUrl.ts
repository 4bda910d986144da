/**
 * Keeps the address and the page's store in step. Other options are a new entry of the history, so that Back undoes
 * them; another look at the results rewrites the entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import type { BenchStore } from '#lab/bench/state.ts';
import { createAddress, type UrlHost } from '#ui/url/address.ts';
import { fromHash, toHash } from './link.ts';

/** @returns a function that lets go of both */
export function bindBenchUrl(store: StoreApi<BenchStore>, host: UrlHost): () => void {
  let written = '';
  /** An address that was gone to is not written anew, even where it says the same in other words. */
  let arriving = false;

  const read = (): string => {
    written = toHash(store.getState());
    return written;
  };
  const address = createAddress('benchmark', read, host);

  const unsubscribe = store.subscribe((state, before) => {
    if (arriving || (state.options === before.options && state.view === before.view)) return;
    // What cannot run is not worth a link.
    if (state.problem !== null) return;
    address.write(state.options !== before.options);
  });
  const onAddress = (): void => {
    if (!address.isHere()) {
      address.flush();
      return;
    }
    const { hash } = host.location;
    if (hash === written) return;
    arriving = true;
    store.getState().arrive(fromHash(hash));
    arriving = false;
    address.arrive(read());
  };
  host.addEventListener('popstate', onAddress);
  host.addEventListener('hashchange', onAddress);
  return () => {
    unsubscribe();
    address.close();
    host.removeEventListener('popstate', onAddress);
    host.removeEventListener('hashchange', onAddress);
  };
}
