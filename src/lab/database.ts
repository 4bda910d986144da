/** Opens IndexedDB for what lasts beyond a visit. */

import { messageOf } from '../base/errors.ts';

/** A blocked database never answers. */
const PATIENCE_MS = 3000;

/**
 * @param upgrade makes the stores of a database that is new
 * @throws Error with the browser's reason where nothing can be kept
 */
export function openDatabase(
  factory: IDBFactory,
  name: string,
  upgrade: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the database does not answer')), PATIENCE_MS);
    const refuse = (reason: unknown): void => {
      clearTimeout(late);
      reject(new Error(messageOf(reason)));
    };
    let request: IDBOpenDBRequest;
    try {
      request = factory.open(name, 1); // throws where storage is switched off
    } catch (thrown) {
      refuse(thrown);
      return;
    }
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => refuse(request.error);
    request.onsuccess = () => {
      clearTimeout(late);
      // Another tab that deletes the database or brings a newer one must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}
