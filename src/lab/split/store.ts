/** The Split page's store: parameters in, runs out. It keeps the group of ranks alive between runs. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { carriedOver, createPlayback } from '../playback.ts';
import { createRunLoop } from '../runLoop.ts';
import { arenaBytes, launchSplit, probeCell, runSplit } from './experiment.ts';
import { DEFAULT_PARAMS, problemWith, type SplitParams } from './params.ts';
import type { SplitRun } from './run.ts';
import type { Cell, SplitState, SplitStore } from './state.ts';

export interface SplitStoreOptions {
  readonly params?: SplitParams;
  readonly at?: number;
  readonly cell?: Cell | null;
}

/** Creates the store and starts its first run. */
export function createSplitStore(options: SplitStoreOptions = {}): StoreApi<SplitStore> {
  let probing = false;

  const store: StoreApi<SplitStore> = createStore<SplitStore>(() => ({
    params: options.params ?? DEFAULT_PARAMS,
    problem: null,
    phase: 'idle',
    failure: null,
    run: null,
    alive: false,
    at: options.at ?? Number.POSITIVE_INFINITY,
    playing: false,
    cell: options.cell ?? null,
    probe: null,
    change,
    rerun: () => request(get().params),
    stop: () => loop.stop(),
    ...createPlayback({
      get: () => get(),
      set: (patch) => set(patch),
      last: () => lastMoment(get().run),
      ready: () => get().run !== null,
    }),
    point(cell) {
      set({ cell, probe: null });
      void probe();
    },
  }));
  const get = store.getState;
  const set = (patch: Partial<SplitState>): void => store.setState(patch);

  const loop = createRunLoop({
    arenaBytes,
    launch: launchSplit,
    run: runSplit,
    get,
    set,
    finish(run, patch) {
      const { run: before, at, cell, params, problem } = get();
      const last = {
        before: before === null ? lastMoment(run) + 1 : lastMoment(before),
        now: lastMoment(run),
      };
      const inside = cell !== null && cell.row < run.plan.output.rows && cell.col < run.plan.output.cols;
      set({
        ...patch,
        run: problem === null ? drawnAs(run, params) : run,
        at: carriedOver(at, last),
        cell: inside ? cell : null,
        probe: null,
      });
    },
    rest: () => void probe(),
  });

  function change(patch: Partial<SplitParams>): void {
    const { params: before, problem, run } = get();
    const params = { ...before, ...patch };
    const isDrawing = params.stored !== before.stored && sameRun(params, before);
    if (!isDrawing || problem !== null || problemWith(params) !== null) {
      set({ params });
      request(params);
      return;
    }
    set({ params, run: run && drawnAs(run, params) });
    void probe(); // an answer that is on its way is for the run as it was drawn before
  }

  function request(params: SplitParams): void {
    const problem = problemWith(params);
    set({ problem });
    loop.request(problem === null ? params : null);
  }

  /** Asks the ranks for the numbers behind the cell that is pointed at; once more if it has moved on meanwhile. */
  async function probe(): Promise<void> {
    const { cell, run } = get();
    if (probing || cell === null || run === null) return;
    probing = true;
    const found = await loop.ask((ranks) => probeCell(ranks, run.plan, cell));
    probing = false;
    if (get().cell !== cell || get().run !== run) void probe();
    else if (found !== null) set({ probe: found });
  }

  request(get().params);
  return store;
}

function lastMoment(run: SplitRun | null): number {
  return (run?.timeline.length ?? 1) - 1;
}

/** Whether both ask the ranks for the same: how weights are drawn is the page's matter alone. */
function sameRun(a: SplitParams, b: SplitParams): boolean {
  const keys = Object.keys(DEFAULT_PARAMS) as (keyof SplitParams)[];
  return keys.every((key) => key === 'stored' || Object.is(a[key], b[key]));
}

/** The run with the weights drawn as `params` say, if they differ in nothing else. */
function drawnAs(run: SplitRun, params: SplitParams): SplitRun {
  return sameRun(run.params, params) ? { ...run, params } : run;
}
