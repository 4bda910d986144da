/**
 * Keeps the address and the page's store in step. Other options are a new entry of the history, so that Back undoes
 * them; another look at the results rewrites the entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import type { BenchStore } from '../../../../lab/bench/state.ts';
import { pageIdOf } from '../../../shell/hash.ts';
import type { UrlHost } from '../../../url/bindUrl.ts';
import { fromHash, toHash } from './link.ts';

/** At most one write in this time: Safari refuses more than 100 in 30 s. */
const WRITE_MS = 320;

/** @returns a function that lets go of both */
export function bindBenchUrl(store: StoreApi<BenchStore>, host: UrlHost): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let push = false;
  /** An address that was gone to is not written anew, even where it says the same in other words. */
  let arriving = false;

  const isHere = (): boolean => pageIdOf(host.location.hash) === 'benchmark';

  const write = (): void => {
    timer = undefined;
    const asEntry = push;
    push = false;
    const hash = toHash(store.getState());
    if (!isHere() || hash === host.location.hash) return;
    if (asEntry) host.history.pushState(null, '', hash);
    else host.history.replaceState(null, '', hash);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (arriving || (state.options === before.options && state.view === before.view)) return;
    // What cannot run is not worth a link.
    if (state.problem !== null) return;
    push ||= state.options !== before.options;
    timer ??= setTimeout(write, WRITE_MS);
  });
  const onAddress = (): void => {
    if (!isHere() || host.location.hash === toHash(store.getState())) return;
    clearTimeout(timer);
    timer = undefined;
    arriving = true;
    store.getState().arrive(fromHash(host.location.hash));
    arriving = false;
  };
  host.addEventListener('popstate', onAddress);
  host.addEventListener('hashchange', onAddress);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    host.removeEventListener('popstate', onAddress);
    host.removeEventListener('hashchange', onAddress);
  };
}
