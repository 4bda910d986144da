// Serves the files of one folder to the page, or the parts of them that a rank asks for.

import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { isolationHeaders } from './isolation.mjs';

/**
 * @param {string} folder
 * @returns {import('vite').Connect.NextHandleFunction}
 */
export function serveFolder(folder) {
  return (request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1).replace(/\?.*/, ''));
    // Files right in the folder: no way out of it.
    const size = /^[\w.-]+$/.test(name) && name !== '..' ? sizeOf(join(folder, name)) : null;
    for (const [header, value] of Object.entries(isolationHeaders)) response.setHeader(header, value);
    if (size === null) return void response.writeHead(404).end();
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = Math.min(size, last ? Number(last) + 1 : size);
    if (first !== undefined && start >= end) {
      return void response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    }
    response.writeHead(first === undefined ? 200 : 206, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': end - start,
      'Accept-Ranges': 'bytes',
      ...(first !== undefined && { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    });
    if (request.method === 'HEAD' || start === end) return void response.end();
    createReadStream(join(folder, name), { start, end: end - 1 })
      .on('error', () => response.destroy()) // the page asks again, and then says so
      .pipe(response);
  };
}

/** @param {string} path */
function sizeOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : null;
}
