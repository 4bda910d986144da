/**
 * A page's share in the address: what it stands at is written now and then, and remembered while another page has the
 * address, so that links lead back to where a page was left.
 */

import { createStore } from 'zustand/vanilla';
import { presented } from '../shell/present.ts';
import { pageIdOf } from './hash.ts';

/** At most one write in this time: Safari refuses more than 100 in 30 s. */
const WRITE_MS = 320;

/** The state of an entry of the history that has been on the screen. One that a link has just made has none. */
export const VISITED = 'visited';

/** The parts of `window` that are used. */
export type UrlHost = Pick<Window, 'addEventListener' | 'removeEventListener'> & {
  readonly location: Pick<Location, 'hash'>;
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
};

export interface Address {
  /** Whether there is something that is not written yet. */
  isWaiting(): boolean;
  /** Writes soon; as a new entry of the history if any of what is written by then asked for one. */
  write(asEntry: boolean): void;
  /** Writes what waits at once. */
  flush(): void;
  /** What waits is not to be written: the page now stands at `hash`. */
  arrive(hash: string): void;
  /** Lets go of the page. */
  close(): void;
}

/** The hash at which each page that was opened stands, by the id of the page. */
export const places = createStore<Readonly<Record<string, string>>>(() => ({}));

const opened = new Set<Address>();

/** To be called before a link is followed: a change made just now must be in the entry that is left. */
export function leave(): void {
  for (const address of opened) address.flush();
}

/** To be called when something that all pages share has changed in the address. */
export function rewrite(): void {
  for (const address of opened) {
    address.write(false);
    address.flush();
  }
}

interface AddressOptions {
  /** The page's id. */
  readonly page: string;
  /** The hash of what the page shows now. */
  readonly read: () => string;
  /** The address was changed, by a link or by Back and Forward, and names this page. */
  readonly onArrive: (hash: string) => void;
  readonly host: UrlHost;
}

export function createAddress({ page, read, onArrive, host }: AddressOptions): Address {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let push = false;

  const drop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    push = false;
  };

  const isHere = (): boolean => pageIdOf(host.location.hash) === page;

  const writeNow = (): void => {
    const asEntry = push;
    drop();
    const hash = presented(read());
    places.setState({ [page]: hash });
    if (!isHere() || hash === host.location.hash) return;
    if (asEntry) host.history.pushState(VISITED, '', hash);
    else host.history.replaceState(VISITED, '', hash);
  };

  const onChange = (): void => {
    if (isHere()) onArrive(host.location.hash);
    else address.flush();
  };

  const address: Address = {
    isWaiting: () => timer !== undefined,
    write(asEntry) {
      push ||= asEntry;
      timer ??= setTimeout(writeNow, WRITE_MS);
    },
    flush() {
      if (timer !== undefined) writeNow();
    },
    arrive(hash) {
      drop();
      places.setState({ [page]: hash });
    },
    close() {
      drop();
      opened.delete(address);
      host.removeEventListener('popstate', onChange);
      host.removeEventListener('hashchange', onChange);
    },
  };
  // The page that opens is being rendered, and links to it on the screen must not be told before it is.
  queueMicrotask(() => places.setState({ [page]: read() }));
  opened.add(address);
  host.addEventListener('popstate', onChange);
  host.addEventListener('hashchange', onChange);
  return address;
}
