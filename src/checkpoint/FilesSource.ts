import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import type { Range } from '../numerics/ranges.ts';
import { type Source, type SourceOptions, stopped } from './source.ts';

/** Files that somebody picked or dropped: the browser reads their parts from the disk. */
export class FilesSource implements Source {
  readonly #files: Readonly<Record<string, Blob>>;
  readonly #options: SourceOptions;

  constructor(files: Readonly<Record<string, Blob>>, options: SourceOptions = {}) {
    this.#files = files;
    this.#options = options;
  }

  async sizeOf(file: string): Promise<number | null> {
    return this.#find(file)?.size ?? null;
  }

  async whole(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const size = await this.sizeOf(file);
    return size === null ? null : this.read(file, { start: 0, end: size });
  }

  async read(file: string, { start, end }: Range): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, onBytes } = this.#options;
    const ended = stopped(signal);
    if (ended !== null) throw ended;
    const blob = this.#find(file);
    if (blob === null) throw new LabError('input', `There is no file ${cut(file)}.`);
    if (end > blob.size)
      throw new LabError('input', `${cut(file)} ends at byte ${blob.size}; ${end} are needed.`);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
    } catch (cause) {
      throw new LabError(
        'environment',
        `${cut(file)} can no longer be read. Was it changed or moved? Pick it again.`,
        {
          cause,
        },
      );
    }
    onBytes?.(bytes.length, 'source');
    return bytes;
  }

  close(): void {}

  #find(file: string): Blob | null {
    return Object.hasOwn(this.#files, file) ? (this.#files[file] ?? null) : null;
  }
}
