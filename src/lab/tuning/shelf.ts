/** Keeps tables of measured kernels beyond a visit, in IndexedDB. What is damaged there is as if it were not there. */

import { keyText, readTable, type TunedTable } from '../../tuning/table.ts';
import { openDatabase } from '../database.ts';

export interface TuningShelf {
  tables(): Promise<TunedTable[]>;
  /** Writes or replaces the table with the same key. */
  put(table: TunedTable): Promise<void>;
  clear(): Promise<void>;
}

const NAME = 'ringside-tuning';
const TABLES = 'tables';

/** @throws Error with the browser's reason where nothing can be kept */
export async function openTuningShelf(factory: IDBFactory): Promise<TuningShelf> {
  const database = await openDatabase(factory, NAME, (made) => made.createObjectStore(TABLES));
  const transact = <T>(
    mode: IDBTransactionMode,
    work: (tables: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(TABLES, mode);
    const request = work(transaction.objectStore(TABLES));
    transaction.commit(); // else a reload at this moment may abort it
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error ?? new Error('aborted'));
    });
  };
  return {
    async tables() {
      const kept: unknown[] = await transact('readonly', (tables) => tables.getAll());
      return kept.map(readTable).filter((table) => table !== null);
    },
    async put(table) {
      await transact('readwrite', (tables) => tables.put(table, keyText(table)));
    },
    async clear() {
      await transact('readwrite', (tables) => tables.clear());
    },
  };
}
