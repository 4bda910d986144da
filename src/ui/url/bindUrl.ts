/**
 * Keeps the address and a page's store in step. A change of parameters after a pause is a new entry of the history, so
 * that Back undoes it; what follows at once (a slider that is dragged), scrubbing and pointing rewrite that entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import { createAddress, type UrlHost } from './address.ts';

/** Changes with less than this between them are one step to undo. */
const PAUSE_MS = 1000;

/** What a page's store has, whatever else it has. */
export interface PageState<Params> {
  readonly params: Params;
  readonly problem: string | null;
  readonly run: { readonly params: Params } | null;
  change(patch: Params): void;
}

/** How a page's state is written as a hash. All but `land` is pure. */
export interface PageLink<Params, State extends PageState<Params>, Link extends { readonly params: Params }> {
  /** As the hash names the page. */
  readonly page: string;
  readonly of: (state: State) => Link;
  readonly toHash: (link: Link) => string;
  readonly fromHash: (hash: string) => Link;
  readonly sameParams: (a: Params, b: Params) => boolean;
  /** Brings what is no parameter, as the scrubber, to where the link has it. The run is the link's. */
  readonly land: (state: State, link: Link) => void;
}

/** @returns a function that lets go of both */
export function bindUrl<Params, State extends PageState<Params>, Link extends { readonly params: Params }>(
  store: StoreApi<State>,
  page: PageLink<Params, State, Link>,
  host: UrlHost,
): () => void {
  let written = page.of(store.getState());
  let lastChange = Number.NEGATIVE_INFINITY;
  /** An address that was gone to, until the run that it belongs to is there. */
  let arriving: Link | null = null;

  const sameLink = (a: Link, b: Link): boolean => page.toHash(a) === page.toHash(b);

  const read = (): string => {
    written = page.of(store.getState());
    return page.toHash(written);
  };
  const address = createAddress(page.page, read, host);

  const onStore = (state: State, before: State): void => {
    if (arriving !== null && !page.sameParams(arriving.params, state.params)) arriving = null;
    if (arriving !== null && state.run !== before.run) land(arriving);
    if (arriving !== null) return;
    const next = page.of(state);
    if (sameLink(next, written)) return;
    let isStep = false;
    if (state.params !== before.params && !page.sameParams(next.params, before.params)) {
      const now = performance.now();
      isStep = now - lastChange > PAUSE_MS;
      lastChange = now;
    }
    address.write(isStep);
  };

  const land = (link: Link): void => {
    const state = store.getState();
    if (state.run === null || !page.sameParams(state.run.params, link.params)) return;
    arriving = null;
    page.land(state, link);
    written = page.of(store.getState());
  };

  const onAddress = (): void => {
    if (!address.isHere()) {
      address.flush();
      return;
    }
    const wanted = page.fromHash(host.location.hash);
    if (!address.isWaiting() && sameLink(wanted, written)) return;
    address.arrive(page.toHash(wanted));
    arriving = wanted;
    written = wanted;
    const { params, change } = store.getState();
    if (!page.sameParams(wanted.params, params)) change(wanted.params);
    if (store.getState().problem !== null) arriving = null;
    else land(wanted);
  };

  const unsubscribe = store.subscribe(onStore);
  host.addEventListener('popstate', onAddress);
  host.addEventListener('hashchange', onAddress);
  return () => {
    unsubscribe();
    address.close();
    host.removeEventListener('popstate', onAddress);
    host.removeEventListener('hashchange', onAddress);
  };
}
