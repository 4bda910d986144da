/** The list of runs, on the page and in the history behind it: what is read first, written as it comes, and forgotten. */

import { sentenceOf } from '../../base/errors.ts';
import type { BenchResult } from '../../bench/record.ts';
import type { BenchHistory } from './history.ts';
import { isSoundResult, soundHeader } from './kept.ts';
import type { BenchState, RunHeader } from './state.ts';

type Listed = Pick<BenchState, 'runs' | 'results' | 'opened' | 'keepProblem'>;

export interface RunList {
  /** Reads the kept runs. A run that nobody ends any more is incomplete. */
  open(): Promise<void>;
  add(header: RunHeader, results: readonly BenchResult[]): void;
  append(id: string, result: BenchResult): void;
  change(id: string, patch: Partial<RunHeader>): void;
  remove(id: string): void;
  /** Reads the results of a run, if they are not there yet. */
  load(id: string): Promise<void>;
}

interface RunListOptions {
  readonly get: () => Listed;
  readonly set: (patch: Partial<Listed>) => void;
  readonly openHistory: () => Promise<BenchHistory>;
}

export function createRunList({ get, set, openHistory }: RunListOptions): RunList {
  let history: BenchHistory | null = null;
  /** Runs of which something could not be written; while there are any, nothing more is. */
  const unkept = new Set<string>();
  /** Writes one after another, so that a header never overtakes an older one. */
  let writing: Promise<void> = Promise.resolve();

  const write = (what: (history: BenchHistory) => Promise<void>): void => {
    writing = writing.then(async () => {
      if (history !== null) await what(history);
    });
  };
  const put = (id: string, what: (history: BenchHistory) => Promise<void>): void =>
    write(async (to) => {
      try {
        if (unkept.size === 0) await what(to);
        else unkept.add(id);
      } catch (thrown) {
        unkept.add(id);
        set({ keepProblem: noRoom(sentenceOf(thrown)) });
      }
    });
  /** Tries again with what could not be written, now that there may be room. */
  const putUnkept = (): void => {
    const left = get().runs.filter(({ id }) => unkept.has(id));
    unkept.clear();
    set({ keepProblem: null });
    for (const header of left) keepWhole(header);
  };
  const list: RunList = {
    async open() {
      try {
        history = await openHistory();
        const all: readonly unknown[] = await history.headers();
        const headers = all.map(soundHeader).filter((header) => header !== null);
        if (headers.length < all.length) set({ keepProblem: leftOut(all.length - headers.length) });
        const cutOff = headers.map((header): RunHeader => {
          return header.state === 'running' ? { ...header, state: 'incomplete' } : header;
        });
        const own = get().runs; // of runs that were begun meanwhile
        const kept = cutOff.filter(({ id }) => own.every((run) => run.id !== id));
        set({ runs: [...own, ...kept.toSorted((a, b) => b.date.localeCompare(a.date))], opened: true });
        for (const header of own) keepWhole(header);
      } catch (thrown) {
        history = null;
        set({ opened: true, keepProblem: `Runs are not kept beyond this visit: ${sentenceOf(thrown)}` });
      }
    },
    add(header, results) {
      set({
        runs: [header, ...get().runs],
        results: new Map([...get().results, [header.id, results]]),
      });
      keepWhole(header);
    },
    append(id, result) {
      const before = get().results.get(id) ?? [];
      set({ results: new Map([...get().results, [id, [...before, result]]]) });
      put(id, (to) => to.putResult(id, before.length, result));
      list.change(id, { done: before.length + 1 });
    },
    change(id, patch) {
      const runs = get().runs.map((run) => (run.id === id ? { ...run, ...patch } : run));
      set({ runs });
      const header = runs.find((run) => run.id === id);
      if (header !== undefined) put(id, (to) => to.putHeader(header));
    },
    remove(id) {
      set({
        runs: get().runs.filter((run) => run.id !== id),
        results: new Map([...get().results].filter(([key]) => key !== id)),
      });
      write(async (to) => {
        try {
          await to.remove(id);
          if (unkept.size > 0) putUnkept();
        } catch (thrown) {
          set({ keepProblem: `A run could not be deleted from this browser: ${sentenceOf(thrown)}` });
        }
      });
    },
    async load(id) {
      if (get().results.has(id) || history === null) return;
      try {
        const all: readonly unknown[] = await history.results(id);
        const results = all.filter(isSoundResult);
        const run = get().runs.find((one) => one.id === id);
        if (get().results.has(id) || run === undefined) return;
        set({ results: new Map([...get().results, [id, results]]) });
        const lost = all.length - results.length;
        if (lost > 0) {
          set({ keepProblem: `Of the results of ${run.name}, ${lost} cannot be read, and are left out.` });
        }
      } catch (thrown) {
        set({ keepProblem: `A kept run cannot be read: ${sentenceOf(thrown)}` });
      }
    },
  };

  function keepWhole(header: RunHeader): void {
    const results = get().results.get(header.id) ?? [];
    put(header.id, (to) => to.putRun(header, results));
  }

  return list;
}

function leftOut(count: number): string {
  const are = count === 1 ? 'is' : 'are';
  return `Of the kept runs, ${count} cannot be read by this version of the page, and ${are} left out.`;
}

function noRoom(reason: string): string {
  return (
    `New results are no longer kept beyond this visit: ${reason} What was kept before is still there. ` +
    'Delete runs that you no longer need; then keeping is tried again, with all that is on this page.'
  );
}
