/** The Layers page's store: parameters in, runs out. It keeps the group of ranks alive between runs. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LayerPlan, stepsOf } from '../../program/plan.ts';
import { carriedOver, createPlayback } from '../playback.ts';
import { createRunLoop } from '../runLoop.ts';
import { arenaBytes, launchLayers, openTensor, planOf, runLayer } from './experiment.ts';
import { DEFAULT_PARAMS, type LayerParams, normalize, problemWith } from './params.ts';
import { withoutUnchanged } from './spec.ts';
import { type LayersState, type LayersStore, openedId } from './state.ts';

export interface LayersStoreOptions {
  readonly params?: LayerParams;
  readonly at?: number;
  readonly selected?: string | null;
}

/** Creates the store and starts its first run. */
export function createLayersStore(options: LayersStoreOptions = {}): StoreApi<LayersStore> {
  const first = options.params ?? DEFAULT_PARAMS;
  let opening = false;

  const store: StoreApi<LayersStore> = createStore<LayersStore>(() => ({
    params: first,
    problem: null,
    plan: planOf(problemWith(first) === null ? first : DEFAULT_PARAMS),
    phase: 'idle',
    failure: null,
    run: null,
    alive: false,
    at: options.at ?? Number.POSITIVE_INFINITY,
    playing: false,
    selected: options.selected ?? null,
    opened: null,
    change(patch) {
      const params = { ...get().params, ...patch };
      request(patch.sizes === undefined ? normalize(params) : withoutUnchanged(params));
    },
    rerun: () => request(get().params),
    stop: () => loop.stop(),
    ...createPlayback({
      get: () => get(),
      set: (patch) => set(patch),
      last: () => lastStep(shownPlan(get())),
      ready: () => get().run !== null,
    }),
    select(selected) {
      if (selected === get().selected && get().opened !== null) return;
      set({ selected, opened: null });
      void open();
    },
  }));
  const get = store.getState;
  const set = (patch: Partial<LayersState>): void => store.setState(patch);

  const loop = createRunLoop({
    arenaBytes,
    launch: launchLayers,
    run: runLayer,
    get,
    set,
    finish(run, patch) {
      const { run: before, at, selected } = get();
      const now = lastStep(run.plan);
      const has = selected !== null && run.plan.tensors.has(selected);
      set({
        ...patch,
        run,
        at: carriedOver(at, { before: before === null ? now : lastStep(before.plan), now }),
        selected: has ? selected : null,
        opened: null,
      });
    },
    rest: () => void open(),
  });

  function request(params: LayerParams): void {
    const problem = problemWith(params);
    set({ params, problem, ...(problem === null && { plan: planOf(params) }) });
    loop.request(problem === null ? params : null);
  }

  /** Asks the ranks for the tensor that is selected; once more if it is another by then. */
  async function open(): Promise<void> {
    const { selected, run } = get();
    if (opening || run === null) return;
    const id = openedId(run, selected);
    if (!run.plan.tensors.has(id)) return;
    opening = true;
    const opened = await loop.ask((ranks) => openTensor(ranks, id));
    opening = false;
    if (get().selected !== selected || get().run !== run) void open();
    else if (opened !== null) set({ opened });
  }

  request(first);
  return store;
}

/** One past the steps: all done. */
function lastStep(plan: LayerPlan): number {
  return stepsOf(plan).length;
}

function shownPlan({ run, plan }: LayersState): LayerPlan {
  return run?.plan ?? plan;
}
