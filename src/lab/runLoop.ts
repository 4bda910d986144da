/** Runs an experiment as often as its parameters change, on ranks that live on between the runs. */

import type { LabErrorCode } from '../base/errors.ts';
import { LabError, messageOf } from '../base/errors.ts';
import type { DeviceChoice } from '../protocol.ts';

/** A slider that is dragged changes faster than the ranks run. */
const COALESCE_MS = 30;
/** A run that takes longer than this is given up when the parameters change, and a launch when it no longer fits them. */
const PATIENCE_MS = 500;

/** What a page shows of the loop. */
export interface RunState {
  /** idle: nothing under way. starting: workers and devices come up. running: the ranks compute. */
  readonly phase: 'idle' | 'starting' | 'running';
  /** Why the last attempt failed; null once one succeeds. */
  readonly failure: { readonly code: LabErrorCode | 'unknown'; readonly message: string } | null;
  /** Whether the ranks of the last run still live, so that they can be asked. */
  readonly alive: boolean;
}

/** What parameters say of the ranks. */
export interface RanksAsked {
  readonly ranks: number;
  readonly device: DeviceChoice;
}

export interface RunLoopOptions<Params extends RanksAsked, Group extends { readonly closed: boolean }, Run> {
  /** What each rank asks of the group's memory: ranks that have less cannot run the parameters. */
  readonly arenaBytes: (params: Params) => number;
  readonly launch: (params: Params, signal: AbortSignal) => Promise<Group>;
  readonly run: (group: Group, params: Params) => Promise<Run>;
  readonly get: () => RunState;
  readonly set: (patch: Partial<RunState>) => void;
  /** A run has ended well; what follows from it is to be set together with `patch`. */
  readonly finish: (run: Run, patch: Partial<RunState>) => void;
  /** Nothing more is wanted, and the ranks can be asked. */
  readonly rest: () => void;
}

export interface RunLoop<Params, Group> {
  /** Runs `params` next, in place of what else was to run next; null: nothing. */
  request(params: Params | null): void;
  /** Stops what is under way, and ends the ranks. */
  stop(): void;
  /** Asks resting ranks. Null where they are at work or gone, or went meanwhile. */
  ask<T>(question: (group: Group) => Promise<T>): Promise<T | null>;
}

export function createRunLoop<Params extends RanksAsked, Group extends { readonly closed: boolean }, Run>(
  options: RunLoopOptions<Params, Group, Run>,
): RunLoop<Params, Group> {
  const { get, set } = options;
  let group: { ranks: Group; params: Params } | null = null;
  let controller: AbortController | null = null;
  let looping = false;
  let hasRun = false;
  /** Parameters that are to run next. */
  let wanted: Params | null = null;

  /** Runs until nothing new is wanted. Changes that come meanwhile are coalesced into one more run. */
  async function runAll(): Promise<void> {
    while (wanted !== null) {
      await sleep(hasRun ? COALESCE_MS : 0);
      const params = wanted;
      if (params === null) break;
      wanted = null;
      try {
        await runOnce(params);
      } catch (thrown) {
        failed(thrown);
      }
    }
    looping = false; // before anybody hears of it, and may want another run
    set({ phase: 'idle' });
    options.rest();
  }

  async function runOnce(params: Params): Promise<void> {
    if (group === null || group.ranks.closed || !fits(group.params, params)) {
      closeGroup();
      set({ phase: 'starting' });
      controller = new AbortController();
      const { signal } = controller;
      await sleep(0); // what has just changed is drawn in this task, and workers are made in the next
      // Ranks that are still starting, and fit what is wanted, are worth waiting for.
      const launched = options.launch(params, signal);
      group = { ranks: await impatiently(launched, (next) => !fits(params, next)), params };
    }
    set({ phase: 'running' });
    const run = await impatiently(options.run(group.ranks, params), () => true);
    hasRun = true;
    options.finish(run, { alive: true, failure: null });
  }

  /** Waits for `work`, and ends the ranks where it takes long and `isOutdated` by what is wanted next. */
  async function impatiently<T>(work: Promise<T>, isOutdated: (next: Params) => boolean): Promise<T> {
    const timer = setInterval(() => {
      if (wanted !== null && isOutdated(wanted)) closeGroup();
    }, PATIENCE_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  /** What was closed on purpose, by stop() or by a newer wish, is no failure. */
  function failed(thrown: unknown): void {
    const code = thrown instanceof LabError ? thrown.code : 'unknown';
    if (code !== 'closed') set({ failure: { code, message: messageOf(thrown) } });
    // Ranks that all refused alike are there for the next run, but have nothing of the last one.
    if (code === 'input' && group?.ranks.closed === false) set({ alive: false });
    else closeGroup();
  }

  /** Whether a group launched for one can run the other. */
  function fits(launched: Params, next: Params): boolean {
    return (
      launched.ranks === next.ranks &&
      launched.device === next.device &&
      options.arenaBytes(launched) >= options.arenaBytes(next)
    );
  }

  function closeGroup(): void {
    controller?.abort();
    controller = null;
    group = null;
    set({ alive: false });
  }

  return {
    request(params) {
      wanted = params;
      if (params === null) return;
      // At once: a page that is about to run is not one on which nothing happens.
      if (get().phase === 'idle') {
        set({ phase: group !== null && fits(group.params, params) ? 'running' : 'starting' });
      }
      if (looping) return;
      looping = true;
      void runAll();
    },

    stop() {
      wanted = null;
      closeGroup();
      set({ phase: 'idle' });
    },

    async ask(question) {
      if (get().phase !== 'idle' || !get().alive || group === null) return null;
      const asked = group;
      try {
        return await question(asked.ranks);
      } catch (thrown) {
        if (group === asked) failed(thrown); // else it was closed for another, which is not to be harmed
        return null;
      }
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
