/**
 * What was read of a model, in one file: records one behind another, each a key and its bytes. A record is written in one
 * go at the end, and nothing is ever changed: whenever it ends, by a closed tab or a cut of power, all but the last is there.
 * Where it is opened it is scanned, and cut behind its last sound record. Nothing is trusted: lengths and key are held
 * against a hash when they are scanned, and bytes when they are read.
 */

import { invariant } from '../base/errors.ts';

/** What is used of a FileSystemSyncAccessHandle, which there is in workers alone. */
export interface SyncFile {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/** Whose log it is. */
export interface LogOwner {
  /** The URL of its folder. */
  readonly model: string;
  /** When it was last opened, in milliseconds of Date.now(). */
  readonly usedMs: number;
}

/** Bytes from `at` on, up to `length` of them. */
type ReadAt = (at: number, length: number) => Uint8Array<ArrayBuffer>;

interface Place {
  readonly at: number;
  readonly length: number;
  readonly hash: number;
}

interface LogRecord {
  readonly key: string;
  readonly body: Place;
}

/** "RSKEPT01", and then when it was last opened, as a float64. */
const MAGIC = new TextEncoder().encode('RSKEPT01');
const PREAMBLE_BYTES = 16;
/** A mark, bytes of the key, bytes of the body, the body's hash, and the hash of these three and the key: all uint32. */
const HEAD_BYTES = 20;
const MARK = 0x5253_4b31;
const MOST_KEY_BYTES = 65_536;
/** The first record: whose log it is. */
const MODEL_KEY = 'model';
/** Of a file, so many bytes from its beginning say whose log it is. */
export const OWNER_BYTES = PREAMBLE_BYTES + HEAD_BYTES + MOST_KEY_BYTES;

export class ShardLog {
  readonly #file: SyncFile;
  readonly #places = new Map<string, Place>();
  /** Behind the last record. */
  #end = PREAMBLE_BYTES;

  private constructor(file: SyncFile) {
    this.#file = file;
  }

  /**
   * Takes the file, and begins it anew where it is no log of this model.
   * @throws what the file throws, and DOMException `QuotaExceededError` where it takes no bytes
   */
  static open(file: SyncFile, { model, usedMs }: LogOwner): ShardLog {
    const log = new ShardLog(file);
    log.#scan();
    const owner = log.get(MODEL_KEY);
    if (owner === null || new TextDecoder().decode(owner) !== model) log.#begin(model);
    const preamble = new Uint8Array(PREAMBLE_BYTES);
    preamble.set(MAGIC);
    new DataView(preamble.buffer).setFloat64(MAGIC.length, usedMs, true);
    if (file.write(preamble, { at: 0 }) !== PREAMBLE_BYTES) throw full();
    return log;
  }

  /** Whether there are bytes, sound or not. */
  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** The bytes, in memory of their own; null where they are not there, or not as they were written. */
  get(key: string): Uint8Array<ArrayBuffer> | null {
    const place = this.#places.get(key);
    if (place === undefined) return null;
    const bytes = new Uint8Array(place.length);
    if (this.#file.read(bytes, { at: place.at }) === place.length && hashOf(bytes) === place.hash)
      return bytes;
    this.#places.delete(key); // to be fetched and written again
    return null;
  }

  /** @returns whether they were kept: false where there is no room for them, which changes nothing */
  put(key: string, bytes: Uint8Array): boolean {
    const name = new TextEncoder().encode(key);
    invariant(name.length <= MOST_KEY_BYTES, () => `a key of ${name.length} bytes`);
    if (bytes.length >= 2 ** 32) return false;
    const head = new Uint8Array(HEAD_BYTES + name.length);
    head.set(name, HEAD_BYTES);
    const hash = hashOf(bytes);
    const fields = [MARK, name.length, bytes.length, hash, headHash(name, bytes.length, hash)];
    const view = new DataView(head.buffer);
    for (const [i, field] of fields.entries()) view.setUint32(4 * i, field, true);
    const at = this.#end + head.length;
    if (!this.#append(head, this.#end) || !this.#append(bytes, at)) {
      this.#cut();
      return false;
    }
    this.#end = at + bytes.length;
    this.#places.set(key, { at, length: bytes.length, hash });
    return true;
  }

  /** Forgets all of it, and closes the file. */
  discard(): void {
    this.#places.clear();
    this.#file.truncate(0);
    this.close();
  }

  close(): void {
    this.#file.flush();
    this.#file.close();
  }

  #append(bytes: Uint8Array, at: number): boolean {
    try {
      return this.#file.write(bytes, { at }) === bytes.length;
    } catch {
      return false; // QuotaExceededError
    }
  }

  #cut(): void {
    try {
      this.#file.truncate(this.#end);
    } catch {
      // Then the next scan does it.
    }
  }

  #begin(model: string): void {
    this.#places.clear();
    this.#end = PREAMBLE_BYTES;
    this.#file.truncate(0);
    if (!this.put(MODEL_KEY, new TextEncoder().encode(model))) throw full();
  }

  #scan(): void {
    const size = this.#file.getSize();
    const read: ReadAt = (at, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, this.#file.read(bytes, { at }));
    };
    if (!beginsLog(read)) return;
    for (let record = recordAt(read, this.#end, size); record !== null; ) {
      this.#places.set(record.key, record.body);
      this.#end = record.body.at + record.body.length;
      record = recordAt(read, this.#end, size);
    }
    if (size > this.#end) this.#file.truncate(this.#end);
  }
}

/** Whose log it is that begins with these bytes (OWNER_BYTES, or all there are); null where it is none. */
export function ownerOf(bytes: Uint8Array<ArrayBuffer>): LogOwner | null {
  const read: ReadAt = (at, length) => bytes.subarray(at, at + length);
  if (!beginsLog(read)) return null;
  const record = recordAt(read, PREAMBLE_BYTES, bytes.length);
  if (record?.key !== MODEL_KEY) return null;
  const { at, length, hash } = record.body;
  const model = bytes.slice(at, at + length);
  if (hashOf(model) !== hash) return null;
  const usedMs = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(MAGIC.length, true);
  return { model: new TextDecoder().decode(model), usedMs };
}

/** Some browsers write less than they were given, and some throw this. */
function full(): DOMException {
  return new DOMException('The file takes no bytes.', 'QuotaExceededError');
}

function beginsLog(read: ReadAt): boolean {
  const begin = read(0, PREAMBLE_BYTES);
  return begin.length === PREAMBLE_BYTES && MAGIC.every((byte, i) => begin[i] === byte);
}

/** Null where there is no sound one. Its body is not looked at. */
function recordAt(read: ReadAt, at: number, size: number): LogRecord | null {
  const head = read(at, HEAD_BYTES);
  if (head.length < HEAD_BYTES) return null;
  const view = new DataView(head.buffer, head.byteOffset);
  const field = (i: number): number => view.getUint32(4 * i, true);
  const [keyBytes, length, hash] = [field(1), field(2), field(3)];
  const body = at + HEAD_BYTES + keyBytes;
  if (field(0) !== MARK || keyBytes > MOST_KEY_BYTES || body + length > size) return null;
  const name = read(at + HEAD_BYTES, keyBytes);
  if (name.length < keyBytes || headHash(name, length, hash) !== field(4)) return null;
  return { key: new TextDecoder().decode(name), body: { at: body, length, hash } };
}

function headHash(name: Uint8Array, length: number, hash: number): number {
  return hashOf(name, mixed(mixed(name.length, length), hash));
}

/**
 * A hash of four bytes at a time: each step is one-to-one in what it adds, so that a change within one word never goes
 * unseen, and others but once in 2³².
 */
export function hashOf(bytes: Uint8Array, seed = 0x811c_9dc5): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  let hash = seed ^ bytes.length;
  for (let i = 0; i < words.length; i++) hash = mixed(hash, words[i] as number);
  for (let i = 4 * words.length; i < aligned.length; i++) hash = mixed(hash, aligned[i] as number);
  return hash >>> 0;
}

/** A multiplication carries bits up alone, and the rotation brings them down. */
function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return (product << 15) | (product >>> 17);
}
