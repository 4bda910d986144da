/** What another page means for the window around it: its title, where it is scrolled to, and where the focus is. */

import { useEffect, useRef, useSyncExternalStore } from 'react';
import { VISITED } from '../url/address.ts';

export function usePageChange(id: string, label: string): void {
  const shown = useRef(id);
  useEffect(() => {
    document.title = `${label} · Ringside`;
  }, [label]);
  useEffect(() => {
    const isNew = history.state !== VISITED;
    history.replaceState(VISITED, '');
    if (shown.current === id) return;
    shown.current = id;
    // To an entry that has been on the screen, Back and Forward lead, and the browser scrolls to where it was left.
    if (isNew) scrollTo(0, 0);
    // What had the focus is gone with its page, or is the link in the header: the next Tab is to go into the page.
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [id]);
}

/** What `select` makes of the location's hash; renders again only when that changes. */
export function useHash<T extends string>(select: (hash: string) => T): T {
  return useSyncExternalStore(subscribe, () => select(location.hash));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
