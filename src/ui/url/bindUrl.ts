/**
 * Keeps the address and the store in step. A change of parameters after a pause is a new entry of the history, so
 * that Back undoes it; what follows at once (a slider that is dragged), scrubbing and pointing rewrite that entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import type { SplitStore } from '../../../../lab/split/state.ts';
import { pageIdOf } from '../../../shell/hash.ts';
import { fromHash, type LinkState, linkStateOf, sameParams, toHash } from './link.ts';

/** At most one write in this time: Safari refuses more than 100 in 30 s. */
const WRITE_MS = 320;
/** Changes with less than this between them are one step to undo. */
const PAUSE_MS = 1000;

/** The parts of `window` that are used. */
export type UrlHost = Pick<Window, 'addEventListener' | 'removeEventListener'> & {
  readonly location: Pick<Location, 'hash'>;
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
};

/** @returns a function that lets go of both */
export function bindUrl(store: StoreApi<SplitStore>, host: UrlHost): () => void {
  let written = linkStateOf(store.getState());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let push = false;
  let lastChange = Number.NEGATIVE_INFINITY;
  /** The scrubber and the cell of an address that was gone to, until the run that they belong to is there. */
  let arriving: LinkState | null = null;

  const write = (): void => {
    timer = undefined;
    const state = linkStateOf(store.getState());
    written = state;
    const hash = toHash(state);
    const asEntry = push;
    push = false;
    if (pageIdOf(host.location.hash) !== 'split' || hash === host.location.hash) return;
    if (asEntry) host.history.pushState(null, '', hash);
    else host.history.replaceState(null, '', hash);
  };

  const onStore = (state: SplitStore, before: SplitStore): void => {
    if (arriving !== null && !sameParams(arriving.params, state.params)) arriving = null;
    if (arriving !== null && state.run !== before.run) land(arriving);
    if (arriving !== null) return;
    const next = linkStateOf(state);
    if (sameLink(next, written)) return;
    if (state.params !== before.params && !sameParams(next.params, before.params)) {
      const now = performance.now();
      if (now - lastChange > PAUSE_MS) push = true;
      lastChange = now;
    }
    timer ??= setTimeout(write, WRITE_MS);
  };

  const land = ({ params, at, cell }: LinkState): void => {
    const { run, seek, point } = store.getState();
    if (run === null || !sameParams(run.params, params)) return;
    arriving = null;
    seek(at ?? run.timeline.length - 1);
    const { rows, cols } = run.plan.output;
    point(cell !== null && cell.row < rows && cell.col < cols ? cell : null);
    written = linkStateOf(store.getState());
  };

  const onAddress = (): void => {
    if (pageIdOf(host.location.hash) !== 'split') return;
    const wanted = fromHash(host.location.hash);
    if (timer === undefined && sameLink(wanted, written)) return;
    clearTimeout(timer);
    timer = undefined;
    push = false;
    arriving = wanted;
    written = wanted;
    if (!sameParams(wanted.params, store.getState().params)) store.getState().change(wanted.params);
    if (store.getState().problem !== null) arriving = null;
    else land(wanted);
  };

  const unsubscribe = store.subscribe(onStore);
  host.addEventListener('popstate', onAddress);
  host.addEventListener('hashchange', onAddress);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    host.removeEventListener('popstate', onAddress);
    host.removeEventListener('hashchange', onAddress);
  };
}

function sameLink(a: LinkState, b: LinkState): boolean {
  return (
    a.at === b.at &&
    a.cell?.row === b.cell?.row &&
    a.cell?.col === b.cell?.col &&
    sameParams(a.params, b.params)
  );
}
