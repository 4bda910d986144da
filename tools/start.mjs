// `npm start`: builds the page, serves it with the isolation headers and opens it.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';

const usage = `Usage: npm start -- [options]

  --port NUMBER   where to listen; the next free port where it is taken (default 4173)
  --host ADDRESS  which address to listen on (default localhost)
  --no-open       do not open a browser
  --help          print this`;

const options = readOptions();
const root = fileURLToPath(new URL('..', import.meta.url));

try {
  console.log('Building the page …');
  await build({ root, logLevel: 'warn' });
  const server = await preview({ root, preview: options });
  const { local = [], network = [] } = server.resolvedUrls ?? {};
  console.log(`Ringside is at ${[...local, ...network].join(' and ')}. Ctrl-C stops it.`);
  if (network.length > 0) {
    console.log('Other machines need https: over http, browsers isolate only localhost.');
  }
  process.once('SIGINT', () => server.close().finally(() => process.exit()));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Vite's preview options, out of the command line. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4173' },
        host: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit();
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(`--port is ${values.port}, and must be a whole number from 1 to 65535.`);
    }
    return {
      port,
      open: !values['no-open'] && hasScreen(),
      ...(values.host !== undefined && { host: values.host }),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

/** Whether a browser window could open: not over a remote shell or in a container. */
function hasScreen() {
  if (process.env['CI']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
