/** A server of files that can be as bad as those that models are fetched from, and writes down what it was asked for. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Manners {
  /** 200 to a Range, as servers that know none. */
  readonly ignoresRanges?: boolean;
  /** Cuts the connection behind so many bytes of an answer, so many times. */
  readonly cuts?: { readonly after: number; times: number };
  /** Answers so to the first requests. */
  readonly statuses?: number[];
  /** After so many answers, hangs up so many times. */
  readonly dies?: { after: number; answers: number };
  /** Shows no Content-Range, as CORS does where it is not exposed. */
  readonly hidesRanges?: boolean;
  /** Begins elsewhere than asked. */
  readonly shifts?: boolean;
  /** Answers 403 behind so many answers. */
  forbids?: { readonly after: number };
}

export interface FileServer {
  readonly base: string;
  /** Of each GET, the file and the bytes that it asked for. */
  readonly log: { readonly file: string; readonly range: string | null; sent: number }[];
  close(): Promise<void>;
}

export async function serveFiles(
  files: Readonly<Record<string, Uint8Array>>,
  manners: Manners = {},
): Promise<FileServer> {
  const log: FileServer['log'] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const file = decodeURIComponent((request.url ?? '').slice('/some/folder/'.length));
    const bytes = files[file];
    const status = manners.statuses?.shift();
    const { dies } = manners;
    if (dies !== undefined && log.length >= dies.after && dies.answers > 0) {
      dies.answers--;
      return void response.destroy();
    }
    // As a hub does, for pages of other origins.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range');
    if (log.length >= (manners.forbids?.after ?? Number.POSITIVE_INFINITY))
      return void response.writeHead(403).end();
    if (status !== undefined || bytes === undefined) return void response.writeHead(status ?? 404).end();
    if (request.method === 'HEAD')
      return void response.writeHead(200, { 'Content-Length': bytes.length }).end();
    const range = request.headers.range ?? null;
    const [, first = 0, last = bytes.length - 1] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const partial = range !== null && !manners.ignoresRanges;
    const [start, end] = partial ? [Number(first), Number(last) + 1] : [0, bytes.length];
    const body = bytes.subarray(start, end);
    const entry = { file, range, sent: body.length };
    log.push(entry);
    response.writeHead(partial ? 206 : 200, {
      'Content-Length': body.length,
      ...(partial &&
        !manners.hidesRanges && {
          'Content-Range': `bytes ${start + (manners.shifts ? 1 : 0)}-${end - 1}/${bytes.length}`,
        }),
    });
    const { cuts } = manners;
    if (cuts === undefined || cuts.times === 0 || body.length <= cuts.after) return void response.end(body);
    cuts.times--;
    entry.sent = cuts.after;
    response.write(body.subarray(0, cuts.after), () => setTimeout(() => response.destroy(), 20));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/some/folder/`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
