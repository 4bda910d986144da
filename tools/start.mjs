// `npm start`: builds the page, serves it with the headers that it needs and opens it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { readOptions, usage, whyNot } from './start/options.mjs';

const options = optionsOrEnd();
const root = fileURLToPath(new URL('..', import.meta.url));
// A folder of its own: a second start, a build or the tests may empty dist/ at any time.
const outDir = mkdtempSync(join(tmpdir(), 'ringside-'));
process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit());

try {
  console.log('Building the page …');
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    root,
    build: { outDir },
    preview: { ...options, open: options.open && hasScreen() },
  });
  const { local = [], network = [] } = server.resolvedUrls ?? {};
  console.log(`Ringside is at ${[...local, ...network].join(' and ')}. Ctrl-C stops it.`);
  if (network.length > 0) {
    console.log('Other machines need https: over http, browsers isolate only localhost.');
  }
} catch (error) {
  console.error(whyNot(error, options));
  process.exitCode = 1;
}

function optionsOrEnd() {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options.help) return options;
    console.log(usage);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
  return process.exit();
}

/** Whether a browser window could open: not over a remote shell or in a container. */
function hasScreen() {
  if (process.env['CI']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
