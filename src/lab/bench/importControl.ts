/** The file that is being read: begun, stopped; its runs go to the list when all of it is there. */

import type { BenchResult } from '../../bench/record.ts';
import type { ServingResult } from '../../bench/serving/serving.ts';
import { headerOfImport } from './headers.ts';
import type { ReadRuns } from './readRuns.ts';
import type { RunList } from './runList.ts';
import { type BenchState, MOST_OVERLAYS } from './state.ts';
import { knowSpread } from './trust.ts';

export interface ImportControl {
  /** One after another. False where it was stopped, or could not be read. */
  start(source: Blob | string, name: string): Promise<boolean>;
  stop(): void;
}

interface ImportControlOptions {
  readonly get: () => BenchState;
  readonly set: (patch: Partial<BenchState>) => void;
  readonly list: RunList;
  readonly read: ReadRuns;
}

interface ReadRun {
  readonly environment: Parameters<typeof headerOfImport>[0]['environment'];
  readonly results: BenchResult[];
}

/** "Pasted", and where there is one already "Pasted (2)": the charts tell runs apart by their names. */
function freeName(wanted: string, runs: BenchState['runs']): string {
  const taken = new Set(runs.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted} (${number})`;
  return name;
}

export function createImportControl({ get, set, list, read }: ImportControlOptions): ImportControl {
  let before: Promise<unknown> = Promise.resolve();
  let stop: () => void = () => {};

  const take = (name: string, runs: readonly ReadRun[]): void => {
    for (const [i, { environment, results }] of runs.entries()) {
      const wanted = runs.length === 1 ? name : `${name}, ${i + 1}`;
      const header = headerOfImport({ environment, results }, freeName(wanted, get().runs));
      list.add(header, results);
      const { shown, overlays } = get();
      // Over what is there; where nothing is, it is what is shown.
      if (shown === null) set({ shown: header.id });
      else if (overlays.length < MOST_OVERLAYS) set({ overlays: [...overlays, header.id] });
    }
  };

  const readOne = (source: Blob | string, name: string): Promise<boolean> =>
    new Promise((resolve) => {
      const runs: ReadRun[] = [];
      let serving: readonly ServingResult[] = [];
      let [done, total] = [0, 0];
      const end = (read: boolean, importProblem: string | null): void => {
        stop = () => {};
        set({ importing: null, importProblem });
        resolve(read);
      };
      set({ importing: { name, stage: 'reading', done, total }, importProblem: null, serving: null });
      const endReading = read(source, (reading) => {
        switch (reading.kind) {
          case 'checking':
            return set({ importing: { name, stage: 'checking', done, total } });
          case 'found':
            total = reading.results;
            return;
          case 'run':
            runs.push({ environment: reading.environment, results: [] });
            return;
          case 'results':
            for (const [i, result] of reading.results.entries()) {
              knowSpread(result, reading.spreads[i] ?? Number.NaN);
              runs.at(-1)?.results.push(result);
            }
            done += reading.results.length;
            return set({ importing: { name, stage: 'taking', done, total } });
          case 'serving':
            serving = reading.serving;
            return;
          case 'end':
            take(name, runs);
            if (serving.length > 0) set({ serving: { name, results: serving } });
            return end(true, null);
          case 'problem':
            return end(false, `${name}: ${reading.message}`);
          default:
            return reading satisfies never;
        }
      });
      stop = () => {
        endReading();
        end(false, null);
      };
    });

  return {
    start(source, name) {
      const read = before.then(() => readOne(source, name));
      before = read;
      return read;
    },
    stop: () => stop(),
  };
}
