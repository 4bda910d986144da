/** What the browser keeps of models, and how much room there is. For the page: workers write it (KeptSource). */

import { LabError } from '../../base/errors.ts';
import { cut } from '../../base/shown.ts';
import { OWNER_BYTES, ownerOf } from '../../checkpoint/ShardLog.ts';
import { folderNameOf, isLocked, KEPT_FOLDER, onceUnlocked, partOf } from '../../checkpoint/shardFile.ts';

export interface KeptModels {
  /** The last used first. */
  readonly models: readonly KeptModel[];
  /** Of the whole origin, in bytes: used, and allowed by the browser; null where it does not say. */
  readonly usageBytes: number | null;
  readonly quotaBytes: number | null;
}

export interface KeptModel {
  /** Of its folder, by which it is loaded and deleted. */
  readonly url: string;
  /** For people: "HuggingFaceTB/SmolLM2-135M". */
  readonly name: string;
  readonly bytes: number;
  readonly parts: readonly KeptPart[];
  /** When it was last read, in milliseconds of Date.now(). */
  readonly usedMs: number;
}

export interface KeptPart {
  /** "folder": configuration, tokenizer and headers; "4-2": what rank 2 of 4 read of its shard. */
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** @throws LabError `environment` where the browser keeps files and does not let them be read */
export async function keptModels(): Promise<KeptModels> {
  const folder = await keptFolder();
  const models: KeptModel[] = [];
  if (folder !== null) {
    for await (const entry of folder.values()) {
      const model = entry.kind === 'directory' ? await modelIn(entry) : null;
      if (model !== null) models.push(model);
    }
  }
  models.sort((a, b) => b.usedMs - a.usedMs);
  const { usage = null, quota = null } = (await storageHere()?.estimate?.()) ?? {};
  return { models, usageBytes: usage, quotaBytes: quota };
}

/** @throws LabError `environment` where a rank is loading it, in this tab or in another */
export async function deleteKept(url: string): Promise<void> {
  await remove(await keptFolder(), folderNameOf(url), cut(nameOf(url)));
}

/** @throws LabError as deleteKept() does */
export async function deleteAllKept(): Promise<void> {
  await remove((await storageHere()?.getDirectory?.()) ?? null, KEPT_FOLDER, 'A model');
}

/** Of a model by its URL: on the hub its owner and its name, else the last folder. */
export function nameOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  const folders = pathname.split('/').filter((one) => one !== '');
  const names = hostname === 'huggingface.co' ? folders.slice(0, 2) : folders.slice(-1);
  return names.length === 0 ? hostname : names.map(decoded).join('/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Null where there is none: nothing was kept yet, or this browser keeps nothing. */
async function keptFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await storageHere()?.getDirectory?.();
    return (await root?.getDirectoryHandle(KEPT_FOLDER)) ?? null;
  } catch (thrown) {
    const names = ['NotFoundError', 'SecurityError']; // the latter in private windows
    if (thrown instanceof DOMException && names.includes(thrown.name)) return null;
    throw unreadable(thrown);
  }
}

/** Null where nothing in it is ours. */
async function modelIn(folder: FileSystemDirectoryHandle): Promise<KeptModel | null> {
  const parts: KeptPart[] = [];
  let url: string | null = null;
  for await (const entry of folder.values()) {
    const name = partOf(entry.name);
    if (entry.kind !== 'file' || name === null) continue;
    try {
      const file = await entry.getFile();
      const owner = ownerOf(new Uint8Array(await file.slice(0, OWNER_BYTES).arrayBuffer()));
      if (owner === null || !URL.canParse(owner.model)) continue;
      url = owner.model;
      parts.push({ name, bytes: file.size, usedMs: owner.usedMs });
    } catch (thrown) {
      if (!(thrown instanceof DOMException)) throw thrown; // deleted or written meanwhile
    }
  }
  if (url === null) return null;
  parts.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { url, name: nameOf(url), bytes, parts, usedMs: Math.max(...parts.map((part) => part.usedMs)) };
}

async function remove(from: FileSystemDirectoryHandle | null, name: string, who: string): Promise<void> {
  try {
    await onceUnlocked(async () => from?.removeEntry(name, { recursive: true }));
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return;
    if (!isLocked(thrown)) throw unreadable(thrown);
    const message = `${who} is being loaded, here or in another tab, and cannot be deleted now. Stop that first.`;
    throw new LabError('environment', message, { cause: thrown });
  }
}

function unreadable(cause: unknown): LabError {
  const message = 'The browser does not let the page read what it kept of models. Load the page again.';
  return new LabError('environment', message, { cause });
}

/** Insecure pages do not have it. */
function storageHere(): Partial<StorageManager> | undefined {
  return (navigator as { storage?: StorageManager }).storage;
}
