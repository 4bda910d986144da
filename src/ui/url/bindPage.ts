/** Keeps the address and the store of a page in step, where the page is no experiment (bindUrl.ts). */

import type { StoreApi } from 'zustand/vanilla';
import { createAddress } from './address.ts';

interface PageLinks<State> {
  /** The page's id. */
  readonly page: string;
  readonly toHash: (state: State) => string;
  /** A hash as the page would write it: what it does not know is as if absent. */
  readonly plain: (hash: string) => string;
  /** Brings the state to what a link or Back asks for. */
  readonly arrive: (state: State, hash: string) => void;
  /** Whether a change is a new entry of the history, so that Back undoes it; null where the link does not say it. */
  readonly stepOf: (state: State, before: State) => boolean | null;
}

export function bindPage<State>(
  store: StoreApi<State>,
  { page, toHash, plain, arrive, stepOf }: PageLinks<State>,
): void {
  let written = '';
  /** An address that was gone to is not written anew, even where it says the same in other words. */
  let arriving = false;

  const read = (): string => {
    written = toHash(store.getState());
    return written;
  };
  const address = createAddress({
    page,
    read,
    onArrive(hash) {
      if (!address.isWaiting() && plain(hash) === written) return;
      arriving = true;
      arrive(store.getState(), hash);
      arriving = false;
      address.arrive(read());
    },
    host: window,
  });
  store.subscribe((state, before) => {
    const isStep = arriving ? null : stepOf(state, before);
    if (isStep !== null && toHash(state) !== written) address.write(isStep);
  });
}
