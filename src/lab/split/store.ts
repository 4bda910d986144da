/** The Split page's store: parameters in, runs out. It keeps the group of ranks alive between runs. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf } from '../../base/errors.ts';
import { launchSplit, probeCell, runSplit, type SplitGroup } from './experiment.ts';
import { DEFAULT_PARAMS, problemWith, type SplitParams } from './params.ts';
import type { Cell, SplitState, SplitStore } from './state.ts';

/** A slider that is dragged changes faster than the ranks run. */
const COALESCE_MS = 30;
/** A run that takes longer than this is given up when the parameters change. */
const PATIENCE_MS = 500;
/** How long playing stands on one moment. */
const PLAY_MS = 900;

export interface SplitStoreOptions {
  readonly params?: SplitParams;
  readonly at?: number;
  readonly cell?: Cell | null;
}

/** Creates the store and starts its first run. */
export function createSplitStore(options: SplitStoreOptions = {}): StoreApi<SplitStore> {
  let group: { ranks: SplitGroup; params: SplitParams } | null = null;
  let controller: AbortController | null = null;
  let looping = false;
  /** Parameters that are to run next. */
  let wanted: SplitParams | null = null;
  let playTimer: ReturnType<typeof setTimeout> | undefined;
  let probing = false;

  const store = createStore<SplitStore>(() => ({
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
    change(patch) {
      const params = { ...get().params, ...patch };
      set({ params });
      request(params);
    },
    rerun: () => request(get().params),
    stop() {
      wanted = null;
      closeGroup();
      set({ phase: 'idle' });
    },
    seek: (at) => set({ at: clampAt(at) }),
    step: (by) => set({ at: clampAt(get().at + by), playing: false }),
    play() {
      const { run, at } = get();
      if (run === null) return;
      set({ playing: true, at: at >= run.timeline.length - 1 ? 0 : at });
      clearTimeout(playTimer);
      playTimer = setTimeout(tick, PLAY_MS);
    },
    pause: () => set({ playing: false }),
    point(cell) {
      set({ cell, probe: null });
      void probe();
    },
  }));
  const get = store.getState;
  const set = (patch: Partial<SplitState>): void => store.setState(patch);

  function clampAt(at: number): number {
    const last = (get().run?.timeline.length ?? 1) - 1;
    return Math.max(0, Math.min(last, Math.round(at)));
  }

  function tick(): void {
    const { playing, run, at } = get();
    if (!playing || run === null) return;
    const next = clampAt(at + 1);
    set({ at: next, playing: next < run.timeline.length - 1 });
    playTimer = setTimeout(tick, PLAY_MS);
  }

  function request(params: SplitParams): void {
    const problem = problemWith(params);
    set({ problem });
    wanted = problem === null ? params : null;
    if (wanted === null || looping) return;
    looping = true;
    void runAll();
  }

  /** Runs until nothing new is wanted. Changes that come meanwhile are coalesced into one more run. */
  async function runAll(): Promise<void> {
    while (wanted !== null) {
      await sleep(get().run === null ? 0 : COALESCE_MS);
      const params = wanted;
      if (params === null) break;
      wanted = null;
      const impatient = setInterval(() => {
        // Ranks that are still starting, and fit what is wanted, are worth waiting for.
        if (wanted !== null && (get().phase === 'running' || !sameRanks(wanted, params))) closeGroup();
      }, PATIENCE_MS);
      try {
        await runOnce(params);
      } catch (thrown) {
        failed(thrown);
      } finally {
        clearInterval(impatient);
      }
    }
    looping = false; // before anybody hears of it, and may want another run
    set({ phase: 'idle' });
    void probe();
  }

  async function runOnce(params: SplitParams): Promise<void> {
    if (group === null || group.ranks.closed || !sameRanks(group.params, params)) {
      closeGroup();
      set({ phase: 'starting' });
      controller = new AbortController();
      group = { ranks: await launchSplit(params, controller.signal), params };
    }
    set({ phase: 'running' });
    const run = await runSplit(group.ranks, params);
    const { run: before, at, cell } = get();
    const last = run.timeline.length - 1;
    const wasAtEnd = before === null ? at > last : at >= before.timeline.length - 1;
    const inside = cell !== null && cell.row < run.plan.output.rows && cell.col < run.plan.output.cols;
    set({
      run,
      alive: true,
      failure: null,
      at: wasAtEnd ? last : Math.min(at, last),
      cell: inside ? cell : null,
      probe: null,
    });
  }

  /** What was closed on purpose, by stop() or by a newer wish, is no failure. */
  function failed(thrown: unknown): void {
    const code = thrown instanceof LabError ? thrown.code : 'unknown';
    if (code !== 'closed') set({ failure: { code, message: messageOf(thrown) } });
    closeGroup();
  }

  function closeGroup(): void {
    controller?.abort();
    controller = null;
    group = null;
    set({ alive: false });
  }

  /** Asks the ranks for the numbers behind the cell that is pointed at; once more if it has moved on meanwhile. */
  async function probe(): Promise<void> {
    const { cell, run, phase } = get();
    if (probing || cell === null || run === null || phase !== 'idle' || group === null) return;
    probing = true;
    const asked = group;
    try {
      const found = await probeCell(asked.ranks, run.plan, cell);
      if (get().cell === cell && get().run === run) set({ probe: found });
    } catch (thrown) {
      if (group === asked) failed(thrown); // else it was closed for another, which is not to be harmed
    } finally {
      probing = false;
    }
    if (get().probe === null && (get().cell !== cell || get().run !== run)) void probe();
  }

  request(get().params);
  return store;
}

/** Whether a group launched for one can run the other. */
function sameRanks(a: SplitParams, b: SplitParams): boolean {
  return a.ranks === b.ranks && a.device === b.device;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
