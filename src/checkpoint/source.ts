/** Where the files of a model are: read by parts, so that a rank fetches only what is its own. */

import { LabError } from '../base/errors.ts';
import type { Range } from '../numerics/ranges.ts';

/** The files of one folder. A source that keeps what it read is a wrapper of another. */
export interface Source {
  /** Bytes of a file; null where there is no such file. */
  sizeOf(file: string): Promise<number | null>;
  /** All of a small file, such as config.json; null where there is none. */
  whole(file: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Bytes `start … end` of a file, in memory of their own. What failed may be asked for again.
   * @throws LabError `input` where they are not there, `environment` where they cannot be had now, `closed` where the
   *   signal ended it
   */
  read(file: string, range: Range): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of what it holds, for all that was wanted is read. It may be read on, and keeps nothing then. */
  close(options?: CloseOptions): void;
}

export interface CloseOptions {
  /** What it kept was of no use: a file that is wrong, or is there only now. */
  readonly forget?: boolean;
}

/** Says where a model is; can be sent to a worker. */
export type SourceSpec =
  | {
      readonly kind: 'url';
      /** Of the folder, with a slash at its end. */
      readonly base: string;
      /** Whether what is read of it stays in the browser for the next visit. */
      readonly keep?: boolean;
    }
  | {
      readonly kind: 'files' /** By name: picked, or dropped on the page. */;
      readonly files: Readonly<Record<string, Blob>>;
    }
  | {
      readonly kind: 'shared' /** By name: read once, for all. */;
      readonly files: Readonly<Record<string, SharedArrayBuffer>>;
    };

export interface SourceOptions {
  readonly signal?: AbortSignal;
  /** Hears of bytes as they arrive, and whence: from where the model is, or from what the browser kept of it. */
  readonly onBytes?: (count: number, from: 'source' | 'kept') => void;
  /** Hears, in a sentence and once for each file, of what works and should be better. */
  readonly onWarning?: (sentence: string) => void;
}

/** The failure of what a signal has ended; null while it has not. */
export function stopped(signal: AbortSignal | undefined): LabError | null {
  return signal?.aborted
    ? new LabError('closed', 'The loading was stopped.', { cause: signal.reason })
    : null;
}
