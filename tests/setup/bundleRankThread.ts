/**
 * Bundles rankThread.ts, the worker thread on which unit tests run a rank, since Node alone does not read our
 * TypeScript. Tests find it with `inject('rankThreadPath')`.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    rankThreadPath: string;
  }
}

const entry = fileURLToPath(new URL('rankThread.ts', import.meta.url));
// A folder for each run, so that two runs side by side do not pull the file from under each other.
const outDir = fileURLToPath(
  new URL(`../../node_modules/.cache/ringside/rank-thread-${process.pid}`, import.meta.url),
);

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await bundle();
  project.provide('rankThreadPath', `${outDir}/rankThread.mjs`);
  project.onTestsRerun(bundle); // in watch mode
  return () => rm(outDir, { recursive: true });
}

async function bundle(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, rolldownOptions: { output: { entryFileNames: 'rankThread.mjs' } } },
  });
}
