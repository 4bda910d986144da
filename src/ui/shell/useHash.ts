import { useSyncExternalStore } from 'react';

/** What `select` makes of the location's hash; renders again only when that changes. */
export function useHash<T extends string>(select: (hash: string) => T): T {
  return useSyncExternalStore(subscribe, () => select(location.hash));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
