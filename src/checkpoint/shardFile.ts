/** Where a browser keeps what it has of a model: a folder a model, a file a rank's shard, in the origin's own file system. */

import { hashOf, type SyncFile } from './ShardLog.ts';

/** Of all models, in the root of the origin's file system. */
export const KEPT_FOLDER = 'models';
const SUFFIX = '.shard';
/** File systems allow 255. */
const MOST_CHARACTERS = 200;

/** Of the lock under which kept bytes are read, by whichever tab. */
export const READING_LOCK = 'ringside: reading a kept model';

/** A worker that was ended holds its file for a moment longer. */
const PAUSES_MS = [50, 100, 200, 400, 800];

/** A handle that TypeScript has for workers alone. */
interface WorkerFileHandle {
  createSyncAccessHandle?(): Promise<SyncFile>;
}

/** Of a model's folder, by its URL. */
export function folderNameOf(model: string): string {
  const name = encodeURIComponent(model);
  if (name.length <= MOST_CHARACTERS) return name;
  const bytes = new TextEncoder().encode(model);
  const hashes = [1, 2].map((seed) => hashOf(bytes, seed).toString(16).padStart(8, '0'));
  return `${name.slice(0, MOST_CHARACTERS - 20)}%~${hashes.join('')}`; // which no encoded name has
}

export function fileNameOf(part: string): string {
  return part + SUFFIX;
}

/** Null where it is no file of ours. */
export function partOf(fileName: string): string | null {
  return fileName.endsWith(SUFFIX) ? fileName.slice(0, -SUFFIX.length) : null;
}

/**
 * The file of a part, which is then locked until it is closed. In workers alone.
 * @throws DOMException `NoModificationAllowedError` where another tab has it; others where there is no such file system
 */
export async function openShardFile(model: string, part: string): Promise<SyncFile> {
  const { storage } = navigator as { storage?: StorageManager };
  if (typeof storage?.getDirectory !== 'function') throw new Error('it has no file system of its own');
  const root = await storage.getDirectory();
  const models = await root.getDirectoryHandle(KEPT_FOLDER, { create: true });
  const folder = await models.getDirectoryHandle(folderNameOf(model), { create: true });
  const handle: object = await folder.getFileHandle(fileNameOf(part), { create: true });
  const file: WorkerFileHandle = handle;
  if (file.createSyncAccessHandle === undefined) throw new Error('its files cannot be written at once');
  const open = file.createSyncAccessHandle.bind(file);
  return onceUnlocked(open);
}

/**
 * Tries again for a second and a half what another has locked: whoever was just stopped lets go of its files a moment later.
 * @throws what the last try threw
 */
export async function onceUnlocked<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (thrown) {
      if (!isLocked(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}

/**
 * Reads what is kept when nobody else does: all ranks at once, each with a piece of its file in memory, are more than an
 * iPhone gives a page. At once where a browser has no locks.
 */
export async function readInTurn<T>(read: () => T): Promise<T> {
  const { locks } = navigator as { locks?: LockManager };
  return locks === undefined ? read() : locks.request(READING_LOCK, async () => read());
}

export function isLocked(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'NoModificationAllowedError';
}
