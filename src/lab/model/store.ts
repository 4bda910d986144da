/** The store of the Model page: a model on ranks, and a conversation with it. Without React. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf } from '../../base/errors.ts';
import { createAnswering, isTalk, type Open, unlessAborted, type Work } from './answering.ts';
import { replaced } from './conversation.ts';
import { createInspecting } from './inspecting.ts';
import { createOpening } from './opening.ts';
import { DEFAULT_PARAMS, type ModelParams, PICKED, problemWith, sameRanks } from './params.ts';
import type { ModelSession } from './session.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { ModelState, ModelStore } from './state.ts';

/** Creates the store, and has the model write its first text. */
export function createModelStore(
  first: ModelParams = DEFAULT_PARAMS,
  sessions: Sessions = createSessions(),
): StoreApi<ModelStore> {
  /** Of what is under way: a newer wish takes its place. */
  let controller = new AbortController();
  let underWay: Promise<void> = Promise.resolve();
  /** What was asked for and has written nothing yet: taken up again where it failed. */
  let asked: Work | null = null;
  /** Files that were picked so far: with the same address they are another model. */
  let picks = 0;
  /** Whose text it is. */
  let author: string | null = null;

  const store: StoreApi<ModelStore> = createStore<ModelStore>(() => ({
    ...EMPTY,
    params: first,
    started: first.ranks,
    problem: problemWith(first),

    change(patch) {
      const { params: before, problem: wrong, phase, alive } = get();
      const isOther = patch.model !== undefined && patch.model !== before.model;
      const params = { ...before, ...(isOther && { context: null }), ...patch }; // it was of what the other one takes
      const problem = problemWith(params);
      set({ params, problem });
      const begins = wrong !== null && phase === 'idle' && !alive; // of a link that could not run
      if (problem === null && (!sameRanks(before, params) || begins)) rewrite();
    },

    pick(files) {
      sessions.pick(files);
      picks++;
      set({ params: { ...get().params, model: PICKED, context: null } });
      rewrite();
    },

    write(prompt) {
      const isNew = !isTalk(get()) || get().turns.length === 0;
      if (isNew) set({ params: { ...get().params, prompt }, ...LET_GO });
      set({ problem: problemWith({ ...get().params, prompt }), looked: null, pinned: false });
      beginAsked(answer(prompt, isNew));
    },

    goOn() {
      beginAsked(goOn);
    },

    choose(place, id) {
      beginAsked(async (open, signal) => {
        const { text } = await open(get().params);
        const parts = await unlessAborted(text.parts([id]), signal);
        if (parts === null) return;
        set({ turns: replaced(get().turns, place, id, parts.join('')), looked: null, pinned: false });
        await goOn(open, signal);
      });
    },

    clear() {
      controller.abort();
      asked = null;
      set({ turns: [], ...LET_GO, differences: [], checked: 0, checkedRead: null, failure: null });
    },

    compare(ranks) {
      const { params, turns } = get();
      const prompt = turns[0]?.prompt ?? params.prompt;
      const all = [...ranks, params.ranks];
      begin(async (open, signal) => {
        try {
          for (const [i, count] of all.entries()) {
            if (signal.aborted) break;
            set({ ...LET_GO, comparing: { at: i + 1, of: all.length } });
            await answer(prompt, true)(() => open({ ...params, ranks: count }), signal);
          }
        } finally {
          const { turns: now, comparing } = get();
          const isWhole = (now[0]?.ending ?? 'stopped') !== 'stopped';
          // What was there before: a talk of which the first answer was compared, or a text that broke off on other ranks.
          // Nothing, where it was cleared meanwhile.
          const isLast = controller.signal === signal && comparing !== null && now.length <= 1;
          if (isLast && turns.length > 0 && (turns.length > 1 || !isWhole)) set({ turns });
        }
      });
    },

    stopText() {
      controller.abort();
    },

    stop() {
      controller.abort();
      sessions.close();
      set({ alive: false, phase: 'idle', doing: null });
    },

    rerun() {
      const last = get().turns.at(-1);
      if (asked !== null) beginAsked(asked);
      else if (last === undefined) rewrite();
      else if (last.ending === null) beginAsked(goOn);
      else begin(reopen);
    },

    look(looked, pin = false) {
      if (!get().pinned || pin || looked === null) set({ looked, pinned: pin && looked !== null });
    },

    ...createInspecting({ get: () => get(), set: (patch) => set(patch), ask: (question) => ask(question) }),
  }));
  const get = store.getState;
  const set = store.setState;
  const opened = createOpening({ get, set, sessions });
  const { answer, goOn } = createAnswering({ get, set, onBegun: () => (asked = null) });

  /** The same text from its beginning. A talk of several turns cannot be had anew: it stays, and goes on where it was. */
  function rewrite(): void {
    const { turns, doing, params } = get();
    const isOwn = author === null || author === nameOf(params);
    set(LET_GO);
    if (turns.length <= 1 || !isOwn) beginAsked(answer(params.prompt, true));
    else if (doing === 'prefill' || doing === 'writing') beginAsked(goOn);
    else begin(reopen);
  }

  function nameOf({ model }: ModelParams): string {
    return model === PICKED ? `${PICKED} ${picks}` : model;
  }

  /** What was written stays until other ranks are there. Another model knows nothing of what was said to the one before. */
  async function openFor(params: ModelParams, signal: AbortSignal): Promise<ModelSession> {
    const name = nameOf(params);
    const session = await opened(params, signal);
    if (author !== null && author !== name) {
      const { turns, runs, differences, checked, checkedRead } = EMPTY;
      set({ turns, runs, differences, checked, checkedRead, ...LET_GO });
    }
    author = name;
    return session;
  }

  async function reopen(open: Open): Promise<void> {
    await open(get().params);
  }

  /** Asks ranks at rest, after what was asked of them before. */
  function ask(question: (session: ModelSession) => Promise<void>): void {
    if (get().phase === 'idle' || get().doing === 'inspecting')
      begin(async (open) => question(await open(get().params)));
  }

  function beginAsked(work: Work): void {
    if (get().problem !== null) return;
    begin(work);
    asked = work;
  }

  function begin(work: Work): void {
    if (get().problem !== null) return;
    controller.abort();
    asked = null;
    const own = new AbortController();
    controller = own;
    // At once: a page that is about to write is not one on which nothing happens.
    set({ phase: get().alive ? 'running' : 'starting', failure: null });
    underWay = underWay.then(() => perform(work, own.signal));
  }

  async function perform(work: Work, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await work((params) => openFor(params, signal), signal);
      if (controller.signal === signal) asked = null;
    } catch (thrown) {
      failed(thrown, signal);
    } finally {
      if (controller.signal === signal) set({ phase: 'idle', doing: null, comparing: null });
    }
  }

  /** What was ended on purpose is no failure, and one behind which something else was wished for is of no interest. */
  function failed(thrown: unknown, signal: AbortSignal): void {
    const code = thrown instanceof LabError ? thrown.code : 'unknown';
    if (code !== 'closed' && controller.signal === signal)
      set({ failure: { code, message: messageOf(thrown) }, failedAt: get().doing });
    // Ranks that all refused alike are there for the next text.
    if (code !== 'input') {
      sessions.close();
      set({ alive: false });
    }
  }

  if (get().problem === null) rewrite();
  return store;
}

/** Of one token, or one comparison, which a text has no longer. */
const LET_GO = { looked: null, pinned: false, inspected: null, playing: false, comparing: null } as const;

const EMPTY: Omit<ModelState, 'params' | 'problem' | 'started'> = {
  phase: 'idle',
  doing: null,
  failedAt: null,
  failure: null,
  alive: false,
  warnings: [],
  folder: null,
  loading: null,
  loaded: null,
  turns: [],
  differences: [],
  checked: 0,
  checkedRead: null,
  runs: [],
  ...LET_GO,
  at: 0,
};
