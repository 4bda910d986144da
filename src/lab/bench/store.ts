/** The Benchmark page's store: options in, results out, and the list of runs that were kept or imported. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { type BenchOptions, DEFAULT_OPTIONS } from '../../bench/options.ts';
import { problemWithOptions } from '../../bench/problem.ts';
import { readAway } from './away.ts';
import { type BenchHistory, openHistory } from './history.ts';
import { createImportControl } from './importControl.ts';
import type { ReadRuns } from './readRuns.ts';
import { createRunControl } from './runControl.ts';
import { createRunList } from './runList.ts';
import { runBench } from './runner.ts';
import { resultsOf, SHIPPED, type ShippedRun } from './shipped.ts';
import { type BenchState, type BenchStore, type BenchView, DEFAULT_VIEW, MOST_OVERLAYS } from './state.ts';

export interface BenchStoreOptions {
  readonly options?: BenchOptions;
  /** Why the link that was opened says no options; null where it does. */
  readonly problem?: string | null;
  readonly view?: BenchView;
  readonly openHistory?: () => Promise<BenchHistory>;
  readonly runBench?: typeof runBench;
  readonly read?: ReadRuns;
  /** Fetches a run that comes with the page; none is drawn where this is absent. */
  readonly fetchShipped?: (run: ShippedRun) => Promise<Blob>;
}

/** Creates the store and reads the kept runs. Nothing is measured before `run`. */
export function createBenchStore(from: BenchStoreOptions = {}): StoreApi<BenchStore> {
  const options = from.options ?? DEFAULT_OPTIONS;
  const store = createStore<BenchStore>(() => ({
    options,
    problem: from.problem ?? problemWithOptions(options),
    phase: 'idle',
    progress: null,
    failure: null,
    wasHidden: false,
    runs: [],
    results: new Map(),
    opened: false,
    keepProblem: null,
    shown: null,
    overlays: [],
    base: null,
    importing: null,
    importProblem: null,
    serving: null,
    shipped: null,
    view: from.view ?? DEFAULT_VIEW,
    look: (patch) => set({ view: { ...get().view, ...patch } }),
    arrive(link) {
      set({ ...link, problem: link.problem ?? problemWithOptions(link.options) });
      showLast();
    },
    change(patch) {
      const changed = { ...get().options, ...patch };
      set({ options: changed, problem: problemWithOptions(changed) });
    },
    run: () => void control.start(),
    pause: () => control.pause(),
    resume: () => control.resume(),
    stop: () => control.stop(),
    show(id) {
      set({ shown: id, overlays: get().overlays.filter((one) => one !== id) });
      if (id !== null) void list.load(id);
    },
    toggleOverlay(id) {
      const { overlays } = get();
      if (overlays.includes(id)) return set({ overlays: overlays.filter((one) => one !== id) });
      if (overlays.length >= MOST_OVERLAYS) return;
      set({ overlays: [...overlays, id] });
      void list.load(id);
    },
    compareWith(id) {
      set({ base: id });
      if (id !== null) void list.load(id);
    },
    rename: (id, name) => list.change(id, { name: name.trim() === '' ? 'Unnamed' : name.trim() }),
    remove(id) {
      const { shown, base, overlays } = get();
      set({
        shown: shown === id ? null : shown,
        base: base === id ? null : base,
        overlays: overlays.filter((one) => one !== id),
      });
      list.remove(id);
    },
    importFrom: (source, name) => imports.start(source, name),
    stopImport: () => imports.stop(),
    setImportProblem: (importProblem) => set({ importProblem }),
  }));
  const get = store.getState;
  const set = (patch: Partial<BenchState>): void => store.setState(patch);
  const list = createRunList({
    get,
    set,
    openHistory: from.openHistory ?? (() => openHistory(indexedDB)),
  });

  const control = createRunControl({ get, set, list, runBench: from.runBench ?? runBench });

  const imports = createImportControl({ get, set, list, read: from.read ?? readAway });

  void list.open().then(() => {
    showLast();
    void drawShipped();
  });

  /** For who has no run yet: what one looks like. */
  async function drawShipped(): Promise<void> {
    const [run] = SHIPPED;
    if (get().runs.length > 0 || from.fetchShipped === undefined) return;
    const source = await from.fetchShipped(run).catch(() => null); // then there is nothing to be drawn, as before
    const results = source && (await resultsOf(source, from.read ?? readAway));
    if (results !== null) set({ shipped: { run, results } });
  }

  /** What was measured last for these options, so that a reload loses nothing. */
  function showLast(): void {
    const { shown, runs, options: asked } = get();
    if (shown !== null) return;
    const last = runs.find((one) => !one.imported && one.done > 0 && sameOptions(one.options, asked));
    if (last !== undefined) get().show(last.id);
  }

  return store;
}

function sameOptions(a: BenchOptions | null, b: BenchOptions): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
