/** The one way in which components read the Benchmark page's state and reach its actions. */

import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { invariant } from '#base/errors.ts';
import type { BenchResult } from '#bench/record.ts';
import type { BenchStore, RunHeader } from '#lab/bench/state.ts';

export const BenchContext = createContext<StoreApi<BenchStore> | null>(null);

/** Renders again only when what `selector` returns is another value: return a primitive or a part of the state. */
export function useBench<T>(selector: (state: BenchStore) => T): T {
  const store = useContext(BenchContext);
  invariant(store !== null, () => 'useBench is called outside of a BenchContext');
  return useStore(store, selector);
}

const NONE: readonly BenchResult[] = [];

/** The run that is shown; null where none is. */
export function useShown(): RunHeader | null {
  return useBench(({ runs, shown }) => runs.find(({ id }) => id === shown) ?? null);
}

/** Its results so far. */
export function useResults(): readonly BenchResult[] {
  return useBench(({ results, shown }) => (shown === null ? NONE : (results.get(shown) ?? NONE)));
}
