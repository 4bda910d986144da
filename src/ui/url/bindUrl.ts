/**
 * Keeps the address and an experiment in step. A change of parameters after a pause is a new entry of the history, so
 * that Back undoes it; what follows at once (a slider that is dragged), scrubbing and pointing rewrite that entry.
 */

import type { StoreApi } from 'zustand/vanilla';
import {
  type Experiment,
  type ExperimentStore,
  type Kinds,
  type LinkedState,
  sameParams,
} from '#lab/experiment.ts';
import { createAddress, type UrlHost } from './address.ts';
import { fromHash, linkOf, toHash } from './hash.ts';

/** Changes with less than this between them are one step to undo. */
const PAUSE_MS = 1000;

/** @returns a function that lets go of both */
export function bindUrl<E extends Kinds>(
  store: StoreApi<ExperimentStore<E>>,
  experiment: Experiment<E>,
  host: UrlHost,
): () => void {
  const present = (): LinkedState<E> => linkOf(experiment, store.getState());
  const hashOf = (link: LinkedState<E>): string => toHash(experiment, link);
  const same = (a: E['params'], b: E['params']): boolean => sameParams(experiment, a, b);
  let written = present();
  let lastChange = Number.NEGATIVE_INFINITY;
  /** An address that was gone to, until the run that it belongs to is there. */
  let arriving: LinkedState<E> | null = null;

  const address = createAddress({
    page: experiment.id,
    read() {
      written = present();
      return hashOf(written);
    },
    onArrive(hash) {
      const wanted = fromHash(experiment, hash);
      if (!address.isWaiting() && hashOf(wanted) === hashOf(written)) return;
      address.arrive(hashOf(wanted));
      arriving = wanted;
      written = wanted;
      const { params, change } = store.getState();
      if (!same(wanted.params, params)) change(wanted.params);
      if (store.getState().problem !== null) arriving = null;
      else land(wanted);
    },
    host,
  });

  const unsubscribe = store.subscribe((state, before) => {
    if (arriving !== null && !same(arriving.params, state.params)) arriving = null;
    if (arriving !== null && state.run !== before.run) land(arriving);
    if (arriving !== null) return;
    if (hashOf(present()) === hashOf(written)) return;
    let isStep = false;
    if (state.params !== before.params && !same(state.params, before.params)) {
      const now = performance.now();
      isStep = now - lastChange > PAUSE_MS;
      lastChange = now;
    }
    address.write(isStep);
  });

  /** Brings what is no parameter to where the link has it, once the run is the link's. */
  const land = (link: LinkedState<E>): void => {
    const { run, seek, select } = store.getState();
    if (run === null || !same(run.params, link.params)) return;
    arriving = null;
    const { selected } = link;
    seek(link.at ?? experiment.lastMoment(run.plan));
    select(selected !== null && experiment.selection.isIn(run.plan, selected) ? selected : null);
    written = present();
  };

  return () => {
    unsubscribe();
    address.close();
  };
}
