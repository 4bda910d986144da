// The command line of `npm start`.

import { isIP } from 'node:net';
import { parseArgs } from 'node:util';

export const usage = `Usage: npm start -- [options]

  --port NUMBER   where to listen; the next free port where it is taken (default 4173)
  --host ADDRESS  which address to listen on (default localhost)
  --no-open       do not open a browser
  --help          print this`;

/** Of letters, digits and hyphens between dots: https://www.rfc-editor.org/rfc/rfc1123#section-2.1. */
const HOST_NAME = /^(?!-)[a-z0-9-]+(?<!-)(\.(?!-)[a-z0-9-]+(?<!-))*$/i;

/**
 * Throws a sentence.
 * @param {readonly string[]} argv
 */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: 'localhost' },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { port, host, 'no-open': noOpen, help } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
    throw new Error(`--port is “${port}”. It must be a whole number from 1 to 65535.`);
  }
  // A name of digits and dots is an address that is not quite one.
  if (isIP(host) === 0 && (!HOST_NAME.test(host) || /^[\d.]+$/.test(host))) {
    throw new Error(
      `--host is “${host}”. It must be an address of this machine or its name, such as 127.0.0.1 or localhost, or 0.0.0.0 for all of them.`,
    );
  }
  return { port: Number(port), host, open: !noOpen, help };
}

/**
 * Why nothing listens.
 * @param {unknown} error
 * @param {{ host: string, port: number }} where
 */
export function whyNot(error, { host, port }) {
  const { code = '', message = String(error) } = /** @type {NodeJS.ErrnoException} */ (error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `--host is ${host}, a name that this machine does not know.`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return `--host is ${host}, which is no address of this machine. Use localhost, or 0.0.0.0 for all that it has.`;
    case 'EACCES':
      return `--port is ${port}, on which this machine lets only its administrator listen. Use one from 1024 on.`;
    default:
      return message;
  }
}
