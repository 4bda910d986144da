/** Writing: a turn from its prompt on, and further behind its end. A part of the store of its own. */

import type { Sampling } from '../../sampling/sampling.ts';
import { finishedRun, storedRun, withRun } from './comparison.ts';
import {
  contextOf,
  endsInChosen,
  grown,
  messagesOf,
  turnOf,
  withChosenRun,
  withRest,
  withStopWord,
} from './conversation.ts';
import { factsOf } from './facts.ts';
import { agreementOf } from './forced.ts';
import type { ModelParams } from './params.ts';
import type { ModelSession } from './session.ts';
import type { ModelState } from './state.ts';
import { MOST_DIFFERENCES, plannedFor, writeOn } from './writing.ts';

/** Opens the session of these parameters, or has it already. */
export type Open = (params: ModelParams) => Promise<ModelSession>;
export type Work = (open: Open, signal: AbortSignal) => Promise<void>;

interface AnsweringOptions {
  readonly get: () => ModelState;
  readonly set: (patch: Partial<ModelState>) => void;
  /** Hears that something new has been written. */
  readonly onBegun: () => void;
}

interface Answering {
  /** Has a prompt answered: in place of all that is there, or as the next turn of a talk. */
  answer(prompt: string, anew: boolean): Work;
  /** Goes on behind the end; what has been given up meanwhile is begun again. */
  readonly goOn: Work;
}

/** Whether the model was made for a talk, of turns. */
export function isTalk({ folder }: Pick<ModelState, 'folder'>): boolean {
  return folder?.chatTemplate != null;
}

export function createAnswering({ get, set, onBegun }: AnsweringOptions): Answering {
  const answer =
    (prompt: string, anew: boolean): Work =>
    async (open, signal) => {
      const { turns: before, loaded } = get();
      const session = await open(get().params);
      const { text } = session;
      const { turns: kept } = get();
      const turns = anew ? [] : kept;
      const encoding = isTalk(get()) ? text.encodeChat(messagesOf(turns, prompt)) : text.encode(prompt);
      const given = await unlessAborted(encoding, signal);
      if (given === null) return;
      session.checkRoom(given); // else it would stand in the way of what is said next
      set({ turns: [...turns, turnOf(prompt, given)] });
      try {
        await goOn(open, signal);
      } catch (thrown) {
        // What was there stays until something has taken its place, and so does who wrote it.
        const isEmpty = get().turns.at(-1)?.tokens.length === 0;
        if (anew && isEmpty && before.length > 0 && before === kept) set({ turns: before, loaded });
        throw thrown;
      }
    };

  async function goOn(open: Open, signal: AbortSignal): Promise<void> {
    const { params } = get();
    const session = await open(params);
    if (get().turns.length === 0) return answer(params.prompt, true)(open, signal);
    const turns = await unlessAborted(withStopWord(get().turns, session.text), signal);
    if (turns === null) return;
    const isFirst = turns.at(-1)?.tokens.length === 0;
    if (!isFirst && contextOf(turns).length >= session.positions) {
      set({ turns: grown(turns, [], { ending: 'context' }) });
      return;
    }
    const sampling = { ...session.folder.sampling, ...params.sampling };
    const { tokens: count, stopWords } = params;
    const asked = { count, sampling, stopWords };
    set({
      phase: 'running',
      doing: 'prefill',
      turns: grown(turns, [], { ending: null, asked }),
      inspected: null,
    });
    const planned = plannedFor(session, sampling);
    set({ loaded: { ...(get().loaded ?? factsOf(session, 0)), planned } });
    const options = { ...asked, endsInChosen: endsInChosen(turns), signal };
    const ending = await writeOn(session, contextOf(turns), options, (written) => {
      const { turns, checked, checkedRead, differences } = get();
      const { tokens, rest, figures, chosenSpent, read } = written;
      if (turns.length === 0) return; // it was cleared meanwhile
      if (tokens.length > 0) onBegun();
      const run = chosenSpent.length > 0 ? withChosenRun(turns, chosenSpent) : turns;
      set({
        doing: 'writing',
        turns: withRest(grown(run, tokens, { figures }), rest),
        checked: checked + written.checked,
        checkedRead: read ?? checkedRead,
        differences: [...differences, ...written.differences].slice(0, MOST_DIFFERENCES),
      });
    });
    set({ turns: grown(get().turns, [], { ending }) });
    if (!isFirst || ending === 'stopped') return;
    finish(sampling);
    await hold(session, sampling);
  }

  /** Has weights in blocks follow the same text as those that are stored wrote it, where that is there. */
  async function hold(session: ModelSession, sampling: Sampling): Promise<void> {
    const { turns, params, runs } = get();
    const prompt = turns[0]?.prompt ?? params.prompt;
    if (turns.length !== 1 || params.weights === 'stored') return;
    const reference = storedRun(runs, { ...params, prompt }, sampling);
    const agreement =
      reference &&
      agreementOf(await session.firstChoices(reference.context, reference.ids), reference.choices);
    const { loaded } = get();
    if (loaded !== null) set({ loaded: { ...loaded, agreement } });
  }

  /** Puts a text that came to its end beside the same one on other ranks. */
  function finish(sampling: Sampling): void {
    const run = finishedRun(get(), sampling);
    if (run !== null) set({ runs: withRun(get().runs, run) });
  }

  return { answer, goOn };
}

/**
 * Waits for the text worker only as long as the answer is wanted: a long text takes seconds, and another one may take its
 * place meanwhile. @returns null where the signal came first
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
  });
  const value = await Promise.race([work, aborted]);
  return signal.aborted ? null : value;
}
