// Bundles thread.ts, since Node alone does not read our TypeScript.

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { kernels } from '../../kernels.mjs';

const entry = fileURLToPath(new URL('thread.ts', import.meta.url));
// A folder for each run, so that two runs side by side do not pull the file from under each other.
const outDir = fileURLToPath(
  new URL(`../../../node_modules/.cache/ringside/chaos-thread-${process.pid}`, import.meta.url),
);

/** Returns the path of the bundle, and what takes it away. */
export async function bundleThread() {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [kernels()],
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, rolldownOptions: { output: { entryFileNames: 'thread.mjs' } } },
  });
  return { path: `${outDir}/thread.mjs`, remove: () => rm(outDir, { recursive: true }) };
}
