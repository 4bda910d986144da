/** The store of the Model page: a model on ranks, and a conversation with it. Without React. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf } from '../../base/errors.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { keyOf, withRun } from './comparison.ts';
import { contextOf, grown, messagesOf, replaced, turnOf, withStopWord } from './conversation.ts';
import { factsOf, mostReadBytes } from './facts.ts';
import { createInspecting } from './inspecting.ts';
import { createOpening } from './opening.ts';
import { DEFAULT_PARAMS, type ModelParams, PICKED, problemWith, sameRanks } from './params.ts';
import type { ModelSession } from './session.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { ModelState, ModelStore } from './state.ts';
import { MOST_DIFFERENCES, plannedFor, writeOn } from './writing.ts';

/** Opens the session of these parameters, or has it already. */
type Open = (params: ModelParams) => Promise<ModelSession>;
type Work = (open: Open, signal: AbortSignal) => Promise<void>;

/** Creates the store, and has the model write its first text. */
export function createModelStore(
  first: ModelParams = DEFAULT_PARAMS,
  sessions: Sessions = createSessions(),
): StoreApi<ModelStore> {
  /** Of what is under way: a newer wish takes its place. */
  let controller = new AbortController();
  let underWay: Promise<void> = Promise.resolve();

  const store: StoreApi<ModelStore> = createStore<ModelStore>(() => ({
    ...EMPTY,
    params: first,
    started: first.ranks,
    problem: problemWith(first),

    change(patch) {
      const { params: before, problem: wrong, phase, alive } = get();
      const params = { ...before, ...patch };
      const problem = problemWith(params);
      set({ params, problem });
      const begins = wrong !== null && phase === 'idle' && !alive; // of a link that could not run
      if (problem !== null || (sameRanks(before, params) && !begins)) return;
      if (before.model !== params.model) forget(); // another model knows nothing of what was said to this one
      rewrite();
    },

    pick(files) {
      sessions.pick(files);
      forget();
      set({ params: { ...get().params, model: PICKED } });
      rewrite();
    },

    write(prompt) {
      const isNew = !isTalk() || get().turns.length === 0;
      if (isNew) set({ params: { ...get().params, prompt }, turns: [], ...LET_GO });
      set({ problem: problemWith({ ...get().params, prompt }), looked: null });
      begin(answer(prompt));
    },

    goOn() {
      begin(goOn);
    },

    choose(place, id) {
      begin(async (open, signal) => {
        const { text } = await open(get().params);
        const parts = await unlessAborted(text.parts([id]), signal);
        if (parts === null) return;
        set({ turns: replaced(get().turns, place, id, parts.join('')), looked: null });
        await goOn(open, signal);
      });
    },

    clear() {
      controller.abort();
      set({ turns: [], ...LET_GO, differences: [], checked: 0, failure: null });
    },

    compare(ranks) {
      const { params, turns } = get();
      const prompt = turns[0]?.prompt ?? params.prompt;
      const all = [...ranks, params.ranks];
      begin(async (open, signal) => {
        try {
          for (const [i, count] of all.entries()) {
            if (signal.aborted) break;
            set({ turns: [], ...LET_GO, comparing: { at: i + 1, of: all.length } });
            await answer(prompt)(() => open({ ...params, ranks: count }), signal);
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
      if (last === undefined) rewrite();
      else if (last.ending === null) begin(goOn);
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

  function isTalk(): boolean {
    return get().folder?.chatTemplate != null;
  }

  function forget(): void {
    const { folder, loading, loaded, turns, runs, warnings, differences, checked } = EMPTY;
    set({ folder, loading, loaded, turns, runs, warnings, differences, checked, ...LET_GO });
  }

  /** The same text from its beginning. A talk of several turns cannot be had anew: it stays, and goes on where it was. */
  function rewrite(): void {
    const { turns, doing } = get();
    if (turns.length > 1) {
      set(LET_GO);
      begin(doing === 'prefill' || doing === 'writing' ? goOn : reopen);
      return;
    }
    set({ turns: [], ...LET_GO });
    begin(answer(get().params.prompt));
  }

  async function reopen(open: Open): Promise<void> {
    await open(get().params);
  }

  /** Asks ranks at rest, after what was asked of them before. */
  function ask(question: (session: ModelSession) => Promise<void>): void {
    if (get().phase === 'idle' || get().doing === 'inspecting')
      begin(async (open) => question(await open(get().params)));
  }

  function begin(work: Work): void {
    if (get().problem !== null) return;
    controller.abort();
    const own = new AbortController();
    controller = own;
    // At once: a page that is about to write is not one on which nothing happens.
    set({ phase: get().alive ? 'running' : 'starting', failure: null });
    underWay = underWay.then(() => perform(work, own.signal));
  }

  async function perform(work: Work, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await work((params) => opened(params, signal), signal);
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
      set({ failure: { code, message: messageOf(thrown) } });
    // Ranks that all refused alike are there for the next text.
    if (code !== 'input') {
      sessions.close();
      set({ alive: false });
    }
  }

  const answer =
    (prompt: string): Work =>
    async (open, signal) => {
      const session = await open(get().params);
      const { text } = session;
      const turns = isTalk() ? get().turns : [];
      const encoding = isTalk() ? text.encodeChat(messagesOf(turns, prompt)) : text.encode(prompt);
      const given = await unlessAborted(encoding, signal);
      if (given === null) return;
      session.checkRoom(given); // else it would stand in the way of what is said next
      set({ turns: [...turns, turnOf(prompt, given)] });
      await goOn(open, signal);
    };

  async function goOn(open: Open, signal: AbortSignal): Promise<void> {
    const { params } = get();
    const session = await open(params);
    const turns = await unlessAborted(withStopWord(get().turns, session.text), signal);
    if (turns === null) return;
    const isFirst = turns.at(-1)?.tokens.length === 0;
    if (!isFirst && contextOf(turns).length >= session.positions) {
      set({ turns: grown(turns, [], { ending: 'context' }) });
      return;
    }
    const sampling = { ...session.folder.sampling, ...params.sampling };
    const { tokens: count, stopWords } = params;
    set({ phase: 'running', doing: 'prefill', turns: grown(turns, [], { ending: null }), inspected: null });
    const planned = plannedFor(session, sampling);
    set({ loaded: { ...(get().loaded ?? factsOf(session, 0)), planned } });
    const options = { count, sampling, stopWords, signal };
    const ending = await writeOn(session, contextOf(turns), options, (written) => {
      const { turns, checked, differences } = get();
      const { tokens, figures } = written;
      if (turns.length === 0) return; // it was cleared meanwhile
      set({
        doing: 'writing',
        turns: grown(turns, tokens, { figures }),
        checked: checked + written.checked,
        differences: [...differences, ...written.differences].slice(0, MOST_DIFFERENCES),
      });
    });
    set({ turns: grown(get().turns, [], { ending }) });
    if (isFirst && ending !== 'stopped') finish(sampling);
  }

  /** Puts a text that came to its end beside the same one on other ranks. */
  function finish(sampling: Sampling): void {
    const { turns, params, loaded, runs } = get();
    const [first] = turns;
    if (turns.length !== 1 || first?.figures == null || loaded === null) return;
    const run = {
      key: keyOf({ ...params, prompt: first.prompt }, sampling),
      ranks: loaded.worldSize,
      devices: loaded.devices,
      placement: loaded.placement,
      ids: first.tokens.map(({ id }) => id),
      figures: first.figures,
      memory: loaded.memory,
      readBytes: mostReadBytes(loaded),
    };
    set({ runs: withRun(runs, run) });
  }

  if (get().problem === null) rewrite();
  return store;
}

/**
 * Waits for the text worker only as long as the answer is wanted: a long text takes seconds, and another one may take its
 * place meanwhile. @returns null where the signal came first
 */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
  });
  const value = await Promise.race([work, aborted]);
  return signal.aborted ? null : value;
}

/** Of one token, or one comparison, which a text has no longer. */
const LET_GO = { looked: null, pinned: false, inspected: null, playing: false, comparing: null } as const;

const EMPTY: Omit<ModelState, 'params' | 'problem' | 'started'> = {
  phase: 'idle',
  doing: null,
  failure: null,
  alive: false,
  warnings: [],
  folder: null,
  loading: null,
  loaded: null,
  turns: [],
  differences: [],
  checked: 0,
  runs: [],
  ...LET_GO,
  at: 0,
};
