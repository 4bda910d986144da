import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from './tools/browser.mjs';

const port = Number(process.env['RINGSIDE_E2E_PORT'] ?? 4199); // not that of `npm start`, which may be running
const executablePath = findBrowser();
/** Where the page is built already: `npm test` has it built once. */
const site = process.env['RINGSIDE_SITE'];

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  timeout: 120_000,
  expect: { timeout: 30_000 }, // software WebGPU compiles a pipeline in seconds, and others may have the cores
  workers: 1, // every page starts as many ranks as there are cores: two at a time came no further on two of them
  fullyParallel: true,
  retries: 0, // a test that passes at the second try has found something
  forbidOnly: true,
  projects: [
    { name: 'pages', testIgnore: 'speed.spec.ts' },
    // Timings want the machine to themselves.
    { name: 'speed', testMatch: 'speed.spec.ts', dependencies: ['pages'] },
  ],
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off', // it takes a fifth of the time of every test; `--trace on` looks into one that failed
    launchOptions: { args: browserArgs, ...(executablePath !== null && { executablePath }) },
  },
  webServer: {
    command:
      site === undefined
        ? `node tools/start.mjs --no-open --port ${port}` // into a folder of its own, as every start
        : `node node_modules/vite/bin/vite.js preview --strictPort --port ${port} --outDir "${site}"`,
    url: `http://localhost:${port}/`,
    timeout: 240_000, // it builds
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 }, // else it leaves its folder behind
  },
});
