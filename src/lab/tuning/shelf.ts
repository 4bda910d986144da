/** Keeps tables of measured kernels beyond a visit, in IndexedDB. What is damaged there is as if it were not there. */

import { messageOf } from '../../base/errors.ts';
import { keyText, readTable, type TunedTable } from '../../tuning/table.ts';

export interface TuningShelf {
  tables(): Promise<TunedTable[]>;
  /** Writes or replaces the table with the same key. */
  put(table: TunedTable): Promise<void>;
  clear(): Promise<void>;
}

const NAME = 'ringside-tuning';
const TABLES = 'tables';
/** A blocked database never answers. */
const PATIENCE_MS = 3000;

/** @throws Error with the browser's reason where nothing can be kept */
export async function openTuningShelf(factory: IDBFactory): Promise<TuningShelf> {
  const database = await open(factory);
  const transact = <T>(
    mode: IDBTransactionMode,
    work: (tables: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(TABLES, mode);
    const request = work(transaction.objectStore(TABLES));
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

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the database does not answer')), PATIENCE_MS);
    const refuse = (reason: unknown): void => {
      clearTimeout(late);
      reject(new Error(messageOf(reason)));
    };
    let request: IDBOpenDBRequest;
    try {
      request = factory.open(NAME, 1); // throws where storage is switched off
    } catch (thrown) {
      refuse(thrown);
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore(TABLES);
    request.onerror = () => refuse(request.error);
    request.onsuccess = () => {
      clearTimeout(late);
      // Another tab that deletes the database or brings a newer one must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}
