import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import type { Range } from '../numerics/ranges.ts';
import type { Source, SourceOptions, SourceSpec } from './source.ts';

/**
 * Files in memory that the page and all ranks share. Each rank copies its own part alone; of a small model, requests for
 * some fifty parts a rank would take a hundred times as long.
 */
export class SharedSource implements Source {
  readonly #files: Readonly<Record<string, SharedArrayBuffer>>;
  readonly #options: SourceOptions;

  constructor(files: Readonly<Record<string, SharedArrayBuffer>>, options: SourceOptions = {}) {
    this.#files = files;
    this.#options = options;
  }

  async sizeOf(file: string): Promise<number | null> {
    return this.#find(file)?.byteLength ?? null;
  }

  async whole(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const size = await this.sizeOf(file);
    return size === null ? null : this.read(file, { start: 0, end: size });
  }

  async read(file: string, { start, end }: Range): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#find(file);
    if (bytes === null || end > bytes.byteLength)
      throw new LabError('input', `${cut(file)} has no bytes ${start} … ${end}.`);
    this.#options.onBytes?.(end - start, 'source');
    return new Uint8Array(bytes, start, end - start).slice();
  }

  close(): void {}

  #find(file: string): SharedArrayBuffer | null {
    return Object.hasOwn(this.#files, file) ? (this.#files[file] ?? null) : null;
  }
}

/**
 * These files of a source, all of them, in memory that can be sent to every rank.
 * @throws LabError `input` where one is missing; as the source does
 */
export async function sharedCopy(source: Source, names: readonly string[]): Promise<SourceSpec> {
  const files: Record<string, SharedArrayBuffer> = {};
  for (const name of names) {
    const bytes = await source.whole(name);
    if (bytes === null) throw new LabError('input', `There is no file ${cut(name)}.`);
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    files[name] = shared;
  }
  return { kind: 'shared', files };
}
