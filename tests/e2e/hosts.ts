/** Other hosts than ours: one that cannot send headers, and pages that have ours in a frame. */

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Host {
  /** On 127.0.0.1, which to a browser is another site than localhost. */
  readonly url: string;
  close(): void;
}

export async function startHost(respond: RequestListener): Promise<Host> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Serves the page that is at `origin`, and of its headers the type alone: as a host without header control does. */
export function startBareHost(origin: string): Promise<Host> {
  return startHost(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? '/', origin));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
}

/** A page that is nothing but a frame. */
export function startEmbedder(
  frame: string,
  attributes: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Host> {
  return startHost((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><iframe src="${frame}" ${attributes} width="1200" height="800"></iframe>`,
    );
  });
}
