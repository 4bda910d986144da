/** Who has the machine: the ranks of other pages give way to a benchmark, and come back when their page is looked at. */

import type { RunState } from '../../lab/runLoop.ts';

/** A store that keeps its ranks while another page is looked at. */
interface Keeper {
  getState(): RunState & { stop(): void; rerun(): void };
}

/** The stores that were opened, and whether their ranks gave way. */
const keepers = new Map<Keeper, boolean>();

/** To be called whenever the page of a store is opened. */
export function lookAt(store: Keeper): void {
  if (keepers.get(store) === true) store.getState().rerun();
  keepers.set(store, false);
}

/** Ends the ranks that others keep, and what they are doing. */
export function clearMachine(): void {
  for (const store of keepers.keys()) {
    const { phase, alive, stop } = store.getState();
    if (phase === 'idle' && !alive) continue;
    stop();
    keepers.set(store, true);
  }
}
