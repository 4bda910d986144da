/**
 * Bundles rankThread.ts, the worker thread on which unit tests run a rank, and sleeper.ts, a process of such threads, since
 * Node alone does not read our TypeScript. Tests find them with `inject('rankThreadPath')` and `inject('sleeperPath')`.
 */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { kernels } from '../../tools/kernels.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    rankThreadPath: string;
    sleeperPath: string;
  }
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const entries = { rankThread: pathOf('rankThread.ts'), sleeper: pathOf('sleeper.ts') };
// A folder for each run, so that two runs side by side do not pull the file from under each other.
const outDir = fileURLToPath(
  new URL(`../../node_modules/.cache/ringside/rank-thread-${process.pid}`, import.meta.url),
);

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await bundle();
  project.provide('rankThreadPath', `${outDir}/rankThread.mjs`);
  project.provide('sleeperPath', `${outDir}/sleeper.mjs`);
  project.onTestsRerun(bundle); // in watch mode
  return () => rm(outDir, { recursive: true });
}

async function bundle(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [kernels()],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      rolldownOptions: { input: entries, output: { entryFileNames: '[name].mjs' } },
    },
  });
}
