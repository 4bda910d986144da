/** Where a learner stands in the story: the chapter, its round, what was asked, answered and found. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../protocol.ts';
import { failureOf } from '../outcome.ts';
import {
  type Answer,
  type AnswerValue,
  type Ask,
  type Chapter,
  isComplete,
  isRight,
  type Verdict,
} from './chapter.ts';
import type { RanksOfStory } from './lab.ts';
import { type Answered, keepProgress, type Progress, readProgress } from './progress.ts';

export interface Place {
  /** Index of the chapter; one past the last is the end. */
  readonly chapter: number;
  /** From 1; other rounds have other numbers. */
  readonly round: number;
}

/** preparing: the ranks run what the question is about. running: they run what answers it. */
export type StoryPhase = 'preparing' | 'asking' | 'running' | 'answered' | 'failed';

export interface StoryState {
  readonly place: Place;
  readonly phase: StoryPhase;
  readonly given: unknown;
  readonly before: unknown;
  readonly ask: Ask | null;
  readonly answer: Answer;
  readonly found: unknown;
  readonly verdict: Verdict | null;
  /** Why the ranks could not run it; null where they were stopped. */
  readonly failure: Failure | null;
  readonly progress: Progress;
}

export interface StoryActions {
  go(place: Place): void;
  predict(key: string, value: AnswerValue | null): void;
  /** Has the ranks run it, if the question is answered. */
  submit(): void;
  /** The same chapter with other numbers. */
  again(): void;
  /** After a failure. */
  retry(): void;
  /** Ends the ranks, and what they are doing. */
  stop(): void;
  /** Forgets what was answered. */
  forget(): void;
}

export type StoryStore = StoryState & StoryActions;

export interface StoryOptions {
  readonly chapters: readonly Chapter[];
  readonly lab: RanksOfStory;
  readonly place: Place;
  readonly shelf: () => Pick<Storage, 'getItem' | 'setItem'>;
}

export function createStoryStore({ chapters, lab, place, shelf }: StoryOptions): StoreApi<StoryStore> {
  /** Grows with each place that is gone to: what an earlier one has running is nobody's any more. */
  let visit = 0;
  /** Ranks do one thing at a time. */
  let last: Promise<unknown> = Promise.resolve();

  const store = createStore<StoryStore>(() => ({
    ...fresh(place),
    progress: readProgress(shelf),
    go,
    predict(key, value) {
      const { phase, answer } = get();
      if (phase !== 'asking') return;
      const { [key]: _, ...others } = answer;
      set({ answer: value === null ? others : { ...others, [key]: value } });
    },
    submit,
    again: () => go({ ...get().place, round: get().place.round + 1 }),
    retry: () => go(get().place),
    stop() {
      visit++;
      lab.stop();
      if (get().phase === 'preparing' || get().phase === 'running') set({ phase: 'failed', failure: null });
    },
    forget() {
      set({ progress: {} });
      keepProgress(shelf, {});
    },
  }));
  const get = store.getState;
  const set = (patch: Partial<StoryState>): void => store.setState(patch);

  function go(to: Place): void {
    visit++;
    if (get().phase === 'running') lab.stop(); // a benchmark would keep the next chapter waiting for seconds
    set(fresh(to));
    const chapter = chapters[to.chapter];
    if (chapter === undefined) return;
    const given = chapter.given(to.round);
    set({ given });
    void attempt(async () => {
      const before = await chapter.prepare(given, lab);
      const ask = chapter.ask(given, before);
      return { before, ask, answer: beginning(ask), phase: 'asking' };
    });
  }

  function submit(): void {
    const { place: at, phase, ask, answer, given, before } = get();
    const chapter = chapters[at.chapter];
    if (chapter === undefined || phase !== 'asking' || ask === null || !isComplete(ask, answer)) return;
    set({ phase: 'running' });
    void attempt(async () => {
      const found = await chapter.run(given, lab, answer);
      const verdict = chapter.judge({ given, before, found, answer });
      return {
        found,
        verdict,
        phase: 'answered',
        progress: kept(chapter.id, { round: at.round, right: isRight(verdict) }),
      };
    });
  }

  function kept(id: string, answered: Answered): Progress {
    const progress = { ...get().progress, [id]: answered };
    keepProgress(shelf, progress);
    return progress;
  }

  /** Does `work` once the ranks are free, unless the learner has gone elsewhere by then; sets what it gives. */
  async function attempt(work: () => Promise<Partial<StoryState>>): Promise<void> {
    const mine = visit;
    const turn = last.then(async () => (mine === visit ? work() : null));
    last = turn.catch(() => {});
    try {
      const patch = await turn;
      if (patch !== null && mine === visit) set(patch);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (mine === visit) set({ phase: 'failed', failure: failure.code === 'closed' ? null : failure });
    }
  }

  go(place);
  return store;
}

/** A slider stands somewhere from the start. */
function beginning({ fields }: Ask): Answer {
  return Object.fromEntries(
    fields.flatMap((field) => (field.kind === 'slider' ? [[field.key, field.options[0]?.value ?? 0]] : [])),
  );
}

function fresh(place: Place): Omit<StoryState, 'progress'> {
  return {
    place,
    phase: 'preparing',
    given: null,
    before: null,
    ask: null,
    answer: {},
    found: null,
    verdict: null,
    failure: null,
  };
}
