import { messageOf } from '../base/errors.ts';
import type { Range } from '../numerics/ranges.ts';
import { ShardLog, type SyncFile } from './ShardLog.ts';
import { isLocked } from './shardFile.ts';
import { type CloseOptions, type Source, type SourceOptions, stopped } from './source.ts';

/** Where it is kept; see shardFile.ts. */
export interface Keeping {
  /** The file, which is then locked. */
  open(): Promise<SyncFile>;
  /** Calls `read` when nobody else reads what is kept. */
  readInTurn<T>(read: () => T): Promise<T>;
}

/**
 * Another source, of which what was read stays in the browser: it is read from there the next time, and nothing is asked
 * of the other one. The file is taken at the first reading, and locked until close(). Where it cannot be had, or takes no
 * more, the source goes on without it, and says so once.
 */
export class KeptSource implements Source {
  readonly #inner: Source;
  readonly #model: string;
  readonly #keeping: Keeping;
  readonly #options: SourceOptions;
  #opened: Promise<ShardLog | null> | null = null;
  /** Nothing is written any more: there is no room, or it was closed. */
  #full = false;
  #closed = false;

  /** @param model the URL of its folder */
  constructor(inner: Source, model: string, keeping: Keeping, options: SourceOptions = {}) {
    this.#inner = inner;
    this.#model = model;
    this.#keeping = keeping;
    this.#options = options;
  }

  async sizeOf(file: string): Promise<number | null> {
    const kept = await this.#get(sizeKey(file));
    if (kept !== null) return sizeIn(kept);
    const size = await this.#inner.sizeOf(file);
    await this.#put(sizeKey(file), bytesOfSize(size));
    return size;
  }

  async whole(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const size = await this.#get(sizeKey(file));
    if (size !== null && sizeIn(size) === null) return null;
    const kept = await this.#get(wholeKey(file));
    if (kept !== null) return this.#told(kept);
    const bytes = await this.#inner.whole(file);
    if (bytes === null) await this.#put(sizeKey(file), bytesOfSize(null));
    else await this.#put(wholeKey(file), bytes);
    return bytes;
  }

  async read(file: string, range: Range): Promise<Uint8Array<ArrayBuffer>> {
    const key = JSON.stringify(['part', file, range.start, range.end]);
    const kept = await this.#get(key);
    if (kept !== null) return this.#told(kept);
    const bytes = await this.#inner.read(file, range);
    await this.#put(key, bytes);
    return bytes;
  }

  close(options: CloseOptions = {}): void {
    this.#inner.close(options);
    if (this.#closed) return;
    this.#closed = true;
    void this.#opened?.then((log) => {
      try {
        if (options.forget) log?.discard();
        else log?.close();
      } catch {
        // What is not there is fetched again.
      }
    });
  }

  #told(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    this.#options.onBytes?.(bytes.length, 'kept');
    return bytes;
  }

  async #get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const log = await this.#log();
    const ended = stopped(this.#options.signal);
    if (ended !== null) throw ended;
    if (log?.has(key) !== true) return null;
    try {
      return await this.#keeping.readInTurn(() => (this.#closed ? null : log.get(key)));
    } catch {
      return null; // a disk that fails: the other source may have it
    }
  }

  async #put(key: string, bytes: Uint8Array): Promise<void> {
    const log = await this.#log();
    if (log === null || this.#closed || this.#full || log.put(key, bytes)) return;
    this.#full = true;
    this.#options.onWarning?.(NO_ROOM);
  }

  async #log(): Promise<ShardLog | null> {
    if (this.#closed) return null;
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<ShardLog | null> {
    let file: SyncFile | null = null;
    try {
      file = await this.#keeping.open();
      return ShardLog.open(file, { model: this.#model, usedMs: Date.now() });
    } catch (thrown) {
      file?.close();
      this.#options.onWarning?.(whyNot(thrown));
      return null;
    }
  }
}

const NO_ROOM =
  'The browser has no more room for this model: what does not fit is fetched again on the next visit.';

function whyNot(thrown: unknown): string {
  if (isLocked(thrown))
    return 'Another tab is loading the same part of this model: what is fetched here is not kept.';
  if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') return NO_ROOM;
  return `This browser keeps no files of this page (${messageOf(thrown)}), so the model is fetched again on the next visit.`;
}

function sizeKey(file: string): string {
  return JSON.stringify(['size', file]);
}

function wholeKey(file: string): string {
  return JSON.stringify(['whole', file]);
}

/** A float64, or nothing where there is no such file. */
function bytesOfSize(size: number | null): Uint8Array {
  return size === null ? new Uint8Array(0) : new Uint8Array(Float64Array.of(size).buffer);
}

function sizeIn(bytes: Uint8Array<ArrayBuffer>): number | null {
  return bytes.length === 8 ? (new Float64Array(bytes.buffer)[0] ?? null) : null;
}
