/**
 * Keeps runs beyond a visit, in IndexedDB: a header a run, and every result by itself, so that a run that is cut off
 * has all that was done. Without IndexedDB (a private window, a full disk) they live as long as the page.
 */

import type { BenchResult } from '../../bench/record.ts';
import { openDatabase } from '../database.ts';
import type { RunHeader } from './state.ts';

export interface BenchHistory {
  /** In no order. */
  headers(): Promise<RunHeader[]>;
  results(id: string): Promise<BenchResult[]>;
  /** Writes or replaces. */
  putHeader(header: RunHeader): Promise<void>;
  putResult(id: string, index: number, result: BenchResult): Promise<void>;
  /** Writes or replaces a run with all of its results, or where that fails nothing of it. */
  putRun(header: RunHeader, results: readonly BenchResult[]): Promise<void>;
  remove(id: string): Promise<void>;
}

const NAME = 'ringside-bench';
const RUNS = 'runs';
const RESULTS = 'results';
/** Results, and samples, that are put before the page is free again: to copy them takes some milliseconds. */
const RESULTS_AT_ONCE = 100;
const SAMPLES_AT_ONCE = 25_000;

/** @throws Error with the browser's reason where nothing can be kept */
export async function openHistory(factory: IDBFactory): Promise<BenchHistory> {
  const database = await openDatabase(factory, NAME, (made) => {
    made.createObjectStore(RUNS, { keyPath: 'id' });
    made.createObjectStore(RESULTS);
  });
  /** @param last whether `work` has made all of its requests when it returns */
  const transact = async <T>(
    mode: IDBTransactionMode,
    work: (of: Stores) => IDBRequest<T>,
    last = true,
  ): Promise<T> => {
    const transaction = database.transaction([RUNS, RESULTS], mode);
    const request = work((name) => transaction.objectStore(name));
    if (last) transaction.commit(); // else a reload at this moment may abort it
    return new Promise((resolve, reject) => {
      // Only then is it on the disk: a quota can still be exceeded after the request has succeeded.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error ?? new Error('aborted'));
    });
  };
  return {
    headers: () => transact('readonly', (store) => store(RUNS).getAll() as IDBRequest<RunHeader[]>),
    results: (id) =>
      transact('readonly', (store) => store(RESULTS).getAll(ofRun(id)) as IDBRequest<BenchResult[]>),
    async putHeader(header) {
      await transact('readwrite', (store) => store(RUNS).put(header));
    },
    async putResult(id, index, result) {
      await transact('readwrite', (store) => store(RESULTS).put(result, [id, index]));
    },
    async putRun(header, results) {
      await transact(
        'readwrite',
        (store) => {
          const putFrom = (first: number): void => {
            const end = endOfPart(results, first);
            for (let i = first; i < end; i++) {
              const request = store(RESULTS).put(results[i], [header.id, i]);
              if (i === end - 1) request.onsuccess = () => putFrom(end);
            }
          };
          putFrom(0);
          return store(RUNS).put(header);
        },
        false,
      );
    },
    async remove(id) {
      await transact('readwrite', (store) => {
        store(RUNS).delete(id);
        return store(RESULTS).delete(ofRun(id));
      });
    },
  };
}

function endOfPart(results: readonly BenchResult[], first: number): number {
  const most = Math.min(results.length, first + RESULTS_AT_ONCE);
  let samples = 0;
  for (let i = first; i < most; i++) {
    samples += results[i]?.samplesMs.length ?? 0;
    if (samples >= SAMPLES_AT_ONCE) return i + 1;
  }
  return most;
}

type Stores = (name: string) => IDBObjectStore;

/** Keys of results are [run, index]; an array is greater than any number. */
function ofRun(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}
