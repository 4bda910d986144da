/** The store of a page. There is one a page, opened at its first look, so that what it does outlives a look at another. */

import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { createExperimentStore, type Experiment, type ExperimentStore, type Kinds } from '#lab/experiment.ts';
import { bindUrl } from '#ui/url/bindUrl.ts';
import { fromHash } from '#ui/url/hash.ts';
import { tuneWhenIdle } from './idleTuning.ts';
import { lookAt } from './machine.ts';

export interface PageStore<State> {
  /** To be called whenever the page is opened. */
  readonly open: () => void;
  /**
   * The one way in which components read the page's state and reach its actions. They render again only when what
   * `selector` returns is another value: return a primitive or a part of the state.
   */
  readonly use: <T>(selector: (state: State) => T) => T;
}

/** A store of one's own, and not one that another page lends. */
interface OwnPageStore<State> extends PageStore<State> {
  /** The state as it is now, for what a visitor has just asked for: nothing is rendered by it. */
  readonly now: () => State;
}

export function pageStore<State>(
  create: () => StoreApi<State>,
  look: (store: StoreApi<State>) => void = () => {},
): OwnPageStore<State> {
  let opened: StoreApi<State> | null = null;
  const store = (): StoreApi<State> => {
    opened ??= create();
    return opened;
  };
  return {
    open: () => look(store()),
    use: (selector) => useStore(store(), selector),
    now: () => store().getState(),
  };
}

export interface ExperimentPageStore<E extends Kinds> extends PageStore<ExperimentStore<E>> {
  readonly experiment: Experiment<E>;
}

/** Bound to the address. Its ranks live on while another page is looked at; to a benchmark they give way. */
export function experimentStore<E extends Kinds>(experiment: Experiment<E>): ExperimentPageStore<E> {
  const create = (): StoreApi<ExperimentStore<E>> => {
    const store = createExperimentStore(experiment, fromHash(experiment, location.hash));
    bindUrl(store, experiment, window);
    store.subscribe((state, { phase, run }) => {
      if (state.phase !== phase || state.run !== run) tuneWhenIdle(state);
    });
    return store;
  };
  return { experiment, ...pageStore(create, lookAt) };
}
