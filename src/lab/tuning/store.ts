/**
 * The tables of kernels that this browser has measured, and the tuning that fills them: class after class on one rank, each
 * result kept at once, so that what is stopped loses nothing.
 */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf } from '../../base/errors.ts';
import type { TuningAdapter } from '../../protocol/tuning.ts';
import type { ShapeClass } from '../../tuning/shapeClass.ts';
import { keyText, type TunedTable, withTuned } from '../../tuning/table.ts';
import { launchTuning, type TuningRank } from './rank.ts';
import { openTuningShelf, type TuningShelf } from './shelf.ts';

/** Of a visit, for what nobody asked for: about ten classes. */
const UNASKED_MS = 3000;

export interface TuningState {
  /** opening: a worker and its GPU come up. */
  readonly phase: 'idle' | 'opening' | 'tuning';
  /** Whether nobody asked for what is under way. */
  readonly unasked: boolean;
  /** Classes done, of all, and the one under way. */
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly current: ShapeClass | null;
  } | null;
  readonly failure: string | null;
  /** The newest first. */
  readonly tables: readonly TunedTable[];
  /** Whether what was kept has been read. */
  readonly opened: boolean;
  /** Why tables are not kept beyond this visit; null where they are. */
  readonly keepProblem: string | null;
  /** The adapter, once a tuning has opened it. */
  readonly adapter: TuningAdapter | null;
}

export interface TuningActions {
  /** Measures these classes anew. Does nothing while a tuning is under way. */
  tune(classes: readonly ShapeClass[]): Promise<void>;
  /** Measures those of them that have no measurement, within three seconds, on a real GPU; fails in silence. */
  tuneUnasked(classes: readonly ShapeClass[]): Promise<void>;
  /** Ends what is under way; what is measured stays. */
  stop(): void;
  /** Forgets all tables. */
  clear(): Promise<void>;
  /** Settles when what was kept has been read. */
  ready(): Promise<void>;
}

export type TuningStore = TuningState & TuningActions;

export interface TuningStoreOptions {
  readonly openShelf?: () => Promise<TuningShelf>;
  readonly launch?: (signal: AbortSignal) => Promise<TuningRank>;
}

export function createTuningStore(from: TuningStoreOptions = {}): StoreApi<TuningStore> {
  const openShelf = from.openShelf ?? (async () => openTuningShelf(indexedDB)); // not there in Node
  const launch = from.launch ?? launchTuning;
  let controller: AbortController | null = null;

  const store = createStore<TuningStore>(() => ({
    phase: 'idle',
    unasked: false,
    progress: null,
    failure: null,
    tables: [],
    opened: false,
    keepProblem: null,
    adapter: null,
    tune: (classes) => run(classes, false),
    tuneUnasked: (classes) => run(classes, true),
    stop: () => controller?.abort(),
    async clear() {
      await keep((shelf) => shelf.clear());
      set({ tables: [] });
    },
    ready: () => opening,
  }));
  const get = store.getState;
  const set = (patch: Partial<TuningState>): void => store.setState(patch);

  const shelf = openShelf().catch((thrown: unknown) => {
    set({ keepProblem: `Kernels are not kept beyond this visit: ${messageOf(thrown)}.` });
    return null;
  });
  const opening = read();

  async function read(): Promise<void> {
    const kept = (await keep((opened) => opened.tables())) ?? [];
    set({ opened: true, tables: newestFirst(kept) });
  }

  async function keep<T>(work: (shelf: TuningShelf) => Promise<T>): Promise<T | null> {
    try {
      const opened = await shelf;
      return opened === null ? null : await work(opened);
    } catch (thrown) {
      set({ keepProblem: `Kernels are not kept beyond this visit: ${messageOf(thrown)}.` });
      return null;
    }
  }

  async function run(classes: readonly ShapeClass[], unasked: boolean): Promise<void> {
    if (get().phase !== 'idle') return;
    controller = new AbortController();
    const { signal } = controller;
    set({ phase: 'opening', unasked, progress: null, failure: null });
    let rank: TuningRank | null = null;
    try {
      await opening;
      rank = await launch(signal);
      set({ adapter: rank.adapter });
      if (!unasked || !rank.adapter.software) await tuneAll(rank, classes, unasked, signal);
    } catch (thrown) {
      const stopped = signal.aborted || (thrown instanceof LabError && thrown.code === 'closed');
      if (!stopped && !unasked) set({ failure: messageOf(thrown) });
    } finally {
      await rank?.close();
      controller = null;
      set({ phase: 'idle', unasked: false, progress: null });
    }
  }

  async function tuneAll(
    rank: TuningRank,
    classes: readonly ShapeClass[],
    unasked: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { key } = rank.adapter;
    const known = get().tables.find((table) => keyText(table) === keyText(key));
    let table: TunedTable = known ?? { ...key, date: '', linear: {} };
    const due = unasked ? classes.filter((cls) => table.linear[cls] === undefined) : classes;
    const beganMs = performance.now();
    for (const [done, current] of due.entries()) {
      if (signal.aborted || (unasked && performance.now() - beganMs > UNASKED_MS)) return;
      set({ phase: 'tuning', progress: { done, total: due.length, current } });
      const tuned = await rank.tune(current);
      table = { ...withTuned(table, current, tuned), date: new Date().toISOString() };
      await keep((opened) => opened.put(table)); // what is shown as measured, or as forgotten, is so after a reload
      const others = get().tables.filter((one) => keyText(one) !== keyText(key));
      set({ tables: [table, ...others] });
    }
  }

  return store;
}

function newestFirst(tables: readonly TunedTable[]): TunedTable[] {
  return tables.toSorted((a, b) => b.date.localeCompare(a.date));
}
