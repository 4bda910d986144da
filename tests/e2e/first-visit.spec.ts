/** What a stranger meets: a page that has already run, without a word to another host. */

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { expectProof, heading, open, proof, ranksAlive, watchErrors } from './page.ts';

test('the page opens on a run that is finished and correct, on four WebGPU ranks', async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto('./');
  await expect(proof(page)).toBeVisible();
  await expectProof(page, true);
  await expect(heading(page)).toHaveText('Row split on 4 ranks: four partial products, one all-reduce');
  expect(ranksAlive(page)).toBe(4);
  expect(await page.evaluate(() => [crossOriginIsolated, 'gpu' in navigator])).toEqual([true, true]);
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  expect(errors).toEqual([]);
});

test('nothing is loaded from another host', async ({ page, baseURL }) => {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    if (request.url().startsWith('http')) hosts.add(new URL(request.url()).host);
  });
  await open(page);
  await page.getByRole('region', { name: 'Where the time went' }).scrollIntoViewIfNeeded();
  expect([...hosts]).toEqual([new URL(baseURL ?? '').host]);
});

test('the initial JavaScript is at most 250 kB compressed', async ({ page }) => {
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const url = response.url();
    if (url.endsWith('.js') && !sizes.has(url)) sizes.set(url, response.body().then(gzippedSize));
  });
  await open(page);
  const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(250_000);
});

test('the built site isolates itself on a host without header control', async ({ browser }) => {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
  };
  const server = createServer((request, response) => {
    const path = join(
      'dist',
      new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '/index.html'),
    );
    if (!existsSync(path) || statSync(path).isDirectory()) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage();
  await page.goto(`http://localhost:${port}/`);
  await expect(proof(page)).toBeVisible();
  await expectProof(page, true);
  await page.close();
  server.close();
});

async function gzippedSize(body: Buffer): Promise<number> {
  const stream = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
