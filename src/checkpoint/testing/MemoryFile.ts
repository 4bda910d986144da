import type { SyncFile } from '../ShardLog.ts';

/** A file in memory that can do what files do: be full, lose its end, and hold other bytes than were written. */
export class MemoryFile implements SyncFile {
  bytes = new Uint8Array(0);
  /** Writes beyond it fail, as a browser's quota lets them. */
  room = Number.POSITIVE_INFINITY;
  /** One handle at a time. */
  locked = false;

  /** A handle, as a rank gets it. */
  async open(): Promise<SyncFile> {
    if (this.locked) throw new DOMException('It is open.', 'NoModificationAllowedError');
    this.locked = true;
    return this;
  }

  read(into: Uint8Array, { at }: { readonly at: number }): number {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  write(bytes: Uint8Array, { at }: { readonly at: number }): number {
    if (at + bytes.length > this.room) throw new DOMException('It is full.', 'QuotaExceededError');
    if (at + bytes.length > this.bytes.length) this.truncate(at + bytes.length);
    this.bytes.set(bytes, at);
    return bytes.length;
  }

  truncate(size: number): void {
    const kept = this.bytes.subarray(0, size);
    this.bytes = new Uint8Array(size);
    this.bytes.set(kept);
  }

  getSize(): number {
    return this.bytes.length;
  }

  flush(): void {}

  close(): void {
    this.locked = false;
  }
}
