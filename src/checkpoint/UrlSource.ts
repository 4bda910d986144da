import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import type { Range } from '../numerics/ranges.ts';
import { FilesSource } from './FilesSource.ts';
import { bodyInto, drop, retried, totalOf } from './http.ts';
import type { Source, SourceOptions } from './source.ts';

/**
 * A folder behind a URL, of which parts are asked for by HTTP's Range. Answers are never stored: Chrome keeps ranges, and
 * gives them out as the whole file later. A server that sends the whole file in place of a part is asked once; the
 * browser then holds the file, perhaps on its disk, and parts are cut from that.
 */
export class UrlSource implements Source {
  readonly #base: string;
  readonly #options: SourceOptions;
  readonly #sizes = new Map<string, number>();
  /** Files of a server without ranges. */
  readonly #held = new Map<string, Promise<FilesSource>>();

  /** @param base of the folder, with a slash at its end */
  constructor(base: string, options: SourceOptions = {}) {
    this.#base = base;
    this.#options = options;
  }

  async sizeOf(file: string): Promise<number | null> {
    const known = this.#sizes.get(file);
    if (known !== undefined) return known;
    const size = await retried(this.#options.signal, async () => {
      const held = await this.#held.get(file);
      if (held !== undefined) return held.sizeOf(file);
      const response = await this.#ask(file, { start: 0, end: 1 });
      if (response === null) return null;
      if (response.status === 200) return (await this.#hold(file, response)).sizeOf(file);
      await drop(response);
      return totalOf(response)?.total ?? this.#contentLength(file);
    });
    if (size !== null) this.#sizes.set(file, size);
    return size;
  }

  async whole(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return retried(this.#options.signal, async () => {
      const response = await this.#fetch(file, {});
      if (response === null) return null;
      const bytes = new Uint8Array(await response.arrayBuffer());
      this.#options.onBytes?.(bytes.length, 'source');
      return bytes;
    });
  }

  async read(file: string, { start, end }: Range): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(end - start);
    let at = 0;
    await retried(this.#options.signal, async (progress) => {
      while (at < bytes.length) {
        const rest = { start: start + at, end };
        const held = await this.#held.get(file);
        if (held !== undefined) {
          bytes.set(await held.read(file, rest), at);
          return;
        }
        const response = await this.#ask(file, rest);
        if (response === null) throw new LabError('input', `There is no ${cut(file)} at ${cut(this.#base)}.`);
        if (response.status === 200) {
          await this.#hold(file, response);
          continue;
        }
        this.#check(file, response, rest);
        await bodyInto(response, bytes.subarray(at), (count) => {
          at += count;
          progress();
          this.#options.onBytes?.(count, 'source');
        });
        if (at < bytes.length) throw new TypeError(`the answer ended after ${at} of ${bytes.length} bytes`);
      }
    });
    return bytes;
  }

  close(): void {
    this.#held.clear();
  }

  /** That it is the part that was asked for, as far as the server lets the page see that. */
  #check(file: string, response: Response, { start }: Range): void {
    const told = totalOf(response);
    if (told === null) return;
    const { total } = told;
    const size = this.#sizes.get(file) ?? total;
    if (told.start === start && (total === null || size === total)) return;
    const where =
      told.start === start ? `has ${total} bytes, and had ${size}` : `begins at byte ${told.start}`;
    throw new LabError('input', `The server's answer for ${cut(file)} from byte ${start} on ${where}.`);
  }

  /** 206, or 200 where the server knows no ranges; null where there is no such file. */
  #ask(file: string, { start, end }: Range): Promise<Response | null> {
    return this.#fetch(file, { headers: { Range: `bytes=${start}-${end - 1}` } });
  }

  /** Which a page of another origin may see, though the server shows it no Content-Range. */
  async #contentLength(file: string): Promise<number> {
    const response = await this.#fetch(file, { method: 'HEAD' });
    const length = response?.headers.get('Content-Length') ?? '';
    if (/^\d+$/.test(length)) return Number(length);
    throw new LabError('input', `The server does not say how long ${cut(file)} is.`);
  }

  async #fetch(file: string, init: RequestInit): Promise<Response | null> {
    const { signal = null } = this.#options;
    const url = new URL(encodeURIComponent(file), this.#base);
    const response = await fetch(url, { ...init, cache: 'no-store', signal });
    if (response.ok) return response;
    await drop(response);
    if (response.status === 404) return null;
    const again = response.status >= 500 || response.status === 408 || response.status === 429;
    const locked = response.status === 401 || response.status === 403;
    const message =
      `The server answers ${response.status} to the request for ${cut(url.href)}.` +
      (locked ? ' It gives the file to some people alone: use a model that is open to all.' : '');
    throw again ? new TypeError(message) : new LabError('input', message);
  }

  /** Has the browser take the whole file. Who asks meanwhile waits for the same. */
  #hold(file: string, response: Response): Promise<FilesSource> {
    const { onWarning, onBytes, signal } = this.#options;
    const known = this.#held.get(file);
    if (known !== undefined) return drop(response).then(() => known);
    onWarning?.(
      `The server of ${cut(file)} knows no ranges: every rank fetches all of it, and not its own part alone.`,
    );
    const held = response.blob().then((blob) => {
      onBytes?.(blob.size, 'source');
      return new FilesSource({ [file]: blob }, signal === undefined ? {} : { signal });
    });
    this.#held.set(file, held);
    held.catch(() => this.#held.delete(file)); // to be asked for again
    return held;
  }
}
