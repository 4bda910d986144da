/** The examples, as `npm run dev` serves them: each is short, and prints what it says. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, printedBy } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cacheDir = mkdtempSync(join(tmpdir(), 'ringside-examples-'));
let server: ViteDevServer;
let browser: Browser;

beforeAll(async () => {
  server = await createServer({
    root,
    cacheDir, // that of `npm run dev`, which may be running, stays its own
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false },
    optimizeDeps: { entries: ['examples/*/index.html'] },
  });
  await server.listen();
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(cacheDir, { recursive: true });
});

function print(example: string): Promise<string> {
  return printedBy(browser, `${server.resolvedUrls?.local[0]}examples/${example}/`);
}

it('all_reduce leaves the sum on every rank, after six steps of each', async () => {
  const lines = (await print('all-reduce')).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'rank 0: 1 10 100 1000 → 10 100 1000 10000',
    'rank 1: 2 20 200 2000 → 10 100 1000 10000',
    'rank 2: 3 30 300 3000 → 10 100 1000 10000',
    'rank 3: 4 40 400 4000 → 10 100 1000 10000',
  ]);
  const steps = lines.filter((line) => line.startsWith('step'));
  expect(steps).toHaveLength(4 * 6);
  expect(steps).toContain('step 0: rank 1 reads chunk 3 of rank 0');
});

it('a column → row pair is the product in one piece', async () => {
  const lines = (await print('column-row')).split('\n');
  expect(lines).toHaveLength(4);
  for (const [rank, line] of lines.entries()) {
    expect(line).toMatch(new RegExp(`^rank ${rank}: largest error \\d\\.\\de-\\d, right$`));
  }
});

it('a layer of one’s own does what its plan says, and what one rank makes of the whole', async () => {
  const printed = await print('own-layer');
  expect(printed).toMatch(/^column split +n·Gᵀ \(30720 FLOPs\), n·Uᵀ \(30720 FLOPs\)$/m); // 2·5·64·48
  expect(printed).toMatch(/^all-reduce and residual +all_reduce of 1280 bytes, x \+ sum/m);
  const [, planned, measured] = /(\d+) FLOPs planned, (\d+) measured/.exec(printed) ?? [];
  expect(measured).toBe(planned);
  expect(printed).toMatch(/largest difference from one rank: \d\.\de-\d, right$/);
});

it('no file has more than forty lines', () => {
  const files = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true });
  const long = files
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path, 'utf8').trimEnd().split('\n').length > 40);
  expect(long).toEqual([]);
});
