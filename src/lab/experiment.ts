/**
 * An experiment of a page: parameters in, runs out, a scrubber over a run's moments, and a look into one thing of it.
 * What is particular to a page is its {@link Experiment}; the store is the same for all. It keeps the group of ranks
 * alive between runs. React only reads and calls.
 */

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceInfo } from '../protocol.ts';
import { carriedOver, createPlayback, type Playback, type Scrubbed } from './playback.ts';
import { createRunLoop, type RanksAsked, type RunState } from './runLoop.ts';

/** The types of an experiment. */
export interface Kinds {
  readonly params: RanksAsked & { readonly seed: number };
  readonly plan: unknown;
  readonly run: {
    readonly params: Kinds['params'];
    readonly plan: Kinds['plan'];
    readonly devices: readonly DeviceInfo[];
  };
  /** The ranks, launched. */
  readonly group: { readonly closed: boolean };
  /** What one looks into, and what the ranks answer. */
  readonly selected: unknown;
  readonly opened: unknown;
}

export interface Experiment<E extends Kinds> {
  /** As the hash names the page. */
  readonly id: string;
  readonly defaults: E['params'];
  /** The query of the page's link, with nothing but what differs from the defaults. */
  readonly toQuery: (params: E['params']) => URLSearchParams;
  /** Reads it back. What is wrong is left to problemWith. */
  readonly fromQuery: (query: URLSearchParams) => E['params'];
  /** Why the parameters cannot run, and what would; null where they can. */
  readonly problemWith: (params: E['params']) => string | null;
  /** The parameters after a change: a patch, and what follows from it. */
  readonly changed: (params: E['params'], patch: Partial<E['params']>) => E['params'];
  /** Whether both ask the ranks for the same, where that may be though they differ: in how a run is drawn. */
  readonly sameRun?: (a: E['params'], b: E['params']) => boolean;
  /** Of parameters that can run: what will happen, as far as it can be known before. */
  readonly planOf: (params: E['params']) => E['plan'];
  /** The scrubber's last moment, at which everything is done. */
  readonly lastMoment: (plan: E['plan']) => number;
  /** What each rank asks of the group's memory. */
  readonly arenaBytes: (params: E['params']) => number;
  readonly launch: (params: E['params'], signal: AbortSignal) => Promise<E['group']>;
  /** @throws LabError as RankGroup.all does; the group is then closed */
  readonly run: (group: E['group'], params: E['params']) => Promise<E['run']>;
  readonly selection: {
    /** Its name in a link, and how it is written there; null where the text is none. */
    readonly key: string;
    readonly toText: (selected: E['selected']) => string;
    readonly fromText: (text: string) => E['selected'] | null;
    /** What is looked into where nothing is selected. */
    readonly otherwise: (plan: E['plan']) => E['selected'] | null;
    readonly isIn: (plan: E['plan'], selected: E['selected']) => boolean;
    /** Asks the ranks. */
    readonly open: (group: E['group'], run: E['run'], selected: E['selected']) => Promise<E['opened']>;
  };
}

export interface ExperimentState<E extends Kinds> extends RunState, Scrubbed {
  /** What the controls show, legal or not. */
  readonly params: E['params'];
  /** Why `params` cannot run; the last good run stays on the page. */
  readonly problem: string | null;
  /** Of `params`, before anything has run; of the last legal ones while they are not. */
  readonly plan: E['plan'];
  readonly run: E['run'] | null;
  /** What one looks into, and the numbers behind it once the ranks have answered. */
  readonly selected: E['selected'] | null;
  readonly opened: E['opened'] | null;
}

export interface ExperimentActions<E extends Kinds> extends Playback {
  /** Changes parameters and, where they are legal, runs. Rapid changes are coalesced. */
  change(patch: Partial<E['params']>): void;
  /** Runs the present parameters once more. */
  rerun(): void;
  /** Stops what is under way; the last good run stays. */
  stop(): void;
  select(selected: E['selected'] | null): void;
}

export type ExperimentStore<E extends Kinds> = ExperimentState<E> & ExperimentActions<E>;

/** What of an experiment's state its link carries. */
export interface LinkedState<E extends Kinds> {
  readonly params: E['params'];
  /** Where the scrubber stands; null at the end, where every run comes to rest. */
  readonly at: number | null;
  readonly selected: E['selected'] | null;
}

/** Creates the store and starts its first run. */
export function createExperimentStore<E extends Kinds>(
  experiment: Experiment<E>,
  from: Partial<LinkedState<E>> = {},
): StoreApi<ExperimentStore<E>> {
  const { defaults, problemWith, planOf, lastMoment, selection } = experiment;
  const same = (a: E['params'], b: E['params']): boolean => sameParams(experiment, a, b);
  const sameRun = experiment.sameRun ?? same;
  const first = from.params ?? defaults;
  let opening = false;

  const store: StoreApi<ExperimentStore<E>> = createStore<ExperimentStore<E>>(() => ({
    params: first,
    problem: null,
    plan: planOf(problemWith(first) === null ? first : defaults),
    phase: 'idle',
    failure: null,
    run: null,
    alive: false,
    at: from.at ?? Number.POSITIVE_INFINITY,
    playing: false,
    selected: from.selected ?? null,
    opened: null,
    change,
    rerun: () => request(get().params),
    stop: () => loop.stop(),
    ...createPlayback({
      get: () => get(),
      set: (patch) => set(patch),
      last: () => lastMoment(get().run?.plan ?? get().plan),
      ready: () => get().run !== null,
    }),
    select(selected) {
      if (selected === get().selected && get().opened !== null) return;
      set({ selected, opened: null });
      void open();
    },
  }));
  const get = store.getState;
  const set = (patch: Partial<ExperimentState<E>>): void =>
    store.setState(patch as Partial<ExperimentStore<E>>);

  const loop = createRunLoop<E['params'], E['group'], E['run']>({
    arenaBytes: experiment.arenaBytes,
    launch: experiment.launch,
    run: experiment.run,
    get,
    set: (patch) => set(patch),
    finish(run, patch) {
      const { run: before, at, selected, params, problem } = get();
      const now = lastMoment(run.plan);
      set({
        ...patch,
        run: problem === null ? drawnAs(run, params) : run,
        at: carriedOver(at, { before: before === null ? now : lastMoment(before.plan), now }),
        selected: selected !== null && selection.isIn(run.plan, selected) ? selected : null,
        opened: null,
      });
    },
    rest: () => void open(),
  });

  function change(patch: Partial<E['params']>): void {
    const { params: before, problem, run } = get();
    const params = experiment.changed(before, patch);
    const isDrawing = sameRun(params, before) && !same(params, before);
    if (!isDrawing || problem !== null || problemWith(params) !== null) {
      request(params);
      return;
    }
    set({ params, run: run && drawnAs(run, params) });
    void open(); // an answer that is on its way is for the run as it was drawn before
  }

  function request(params: E['params']): void {
    const problem = problemWith(params);
    set({ params, problem, ...(problem === null && { plan: planOf(params) }) });
    loop.request(problem === null ? params : null);
  }

  /** The run drawn as `params` say, if they ask for no other. */
  function drawnAs(run: E['run'], params: E['params']): E['run'] {
    return sameRun(run.params, params) ? { ...run, params } : run;
  }

  /** Asks the ranks for what is selected; once more if it is something else by then. */
  async function open(): Promise<void> {
    const { selected, run } = get();
    if (opening || run === null) return;
    const wanted = selected ?? selection.otherwise(run.plan);
    if (wanted === null || !selection.isIn(run.plan, wanted)) return;
    opening = true;
    const opened = await loop.ask((group) => selection.open(group, run, wanted));
    opening = false;
    if (get().selected !== selected || get().run !== run) void open();
    else if (opened !== null) set({ opened });
  }

  request(first);
  return store;
}

/** By what a link says of them, so that NaN is the same as NaN. */
export function sameParams<E extends Kinds>(
  { toQuery }: Experiment<E>,
  a: E['params'],
  b: E['params'],
): boolean {
  return toQuery(a).toString() === toQuery(b).toString();
}
