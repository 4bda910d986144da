import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { bundledRanks } from './tests/setup/bundledRanks.ts';
import { modelServers } from './tests/setup/modelServers.ts';
import { browserArgs, findBrowser, wantsRealGpu } from './tools/browser.mjs';
import { commitDefine } from './tools/commit.mjs';
import { isolationHeaders } from './tools/isolation.mjs';
import { kernels } from './tools/kernels.mjs';
import { aliases } from './tools/library.mjs';

const executablePath = findBrowser();

export default defineConfig({
  test: {
    maxWorkers: '100%', // of the cores: many a unit test waits for a program that it started
    projects: [
      {
        define: commitDefine,
        plugins: [kernels()],
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.{ts,mjs}', 'bench/*/*.test.ts'],
          exclude: ['src/**/*.browser.test.{ts,tsx}'],
          globalSetup: 'tests/setup/bundleRankThread.ts',
          isolate: false,
          setupFiles: 'tests/setup/cleanStart.ts',
          testTimeout: 30_000, // tests of the ring start threads, and cores may be few
        },
      },
      {
        define: commitDefine,
        server: { headers: isolationHeaders },
        worker: { format: 'es' },
        plugins: [kernels(), bundledRanks()],
        // Vite would find what workers import only when they start, bundle it and reload the page under a running test.
        optimizeDeps: { entries: ['src/**/*.{ts,tsx}', 'tests/browser/**/*.{ts,tsx}'] },
        test: {
          name: 'browser',
          env: { RINGSIDE_REAL_GPU: `${wantsRealGpu}` },
          include: ['src/**/*.browser.test.{ts,tsx}', 'tests/browser/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
          fileParallelism: false, // a test already starts as many ranks as there are cores
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: modelServers,
            provider: playwright({
              launchOptions: { args: browserArgs, ...(executablePath !== null && { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        plugins: [kernels()],
        resolve: { alias: aliases },
        test: {
          name: 'library',
          include: ['tests/library/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000, // builds the package, and starts a browser
          fileParallelism: false, // a page already starts as many ranks as there are cores
        },
      },
      {
        test: {
          name: 'smoke',
          include: ['tests/smoke/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000, // builds the page, and starts a browser
          retry: 1, // a browser driven from outside loses a key now and then: Firefox, once in some twenty runs; `npm test` names such a test at its end
        },
      },
    ],
  },
});
