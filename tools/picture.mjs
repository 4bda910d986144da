// `npm run picture`: takes the README's picture from the real page, as it is built now.

import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { browserArgs, ensureBrowser } from './browser.mjs';

/** A row split in the middle of its reduce-scatter, with one element of Y pointed at. */
const HASH = '#/split?at=4&cell=2,7';

const server = await preview({ logLevel: 'error' });
const url = server.resolvedUrls?.local[0];
if (url === undefined) throw new Error('The preview server has no address.');
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArgs });
const page = await browser.newPage({
  viewport: { width: 1440, height: 1280 },
  deviceScaleFactor: 1,
  reducedMotion: 'reduce',
});
await page.goto(`${url}${HASH}`);
await page.getByText('In float64 it is').waitFor();
const path = fileURLToPath(new URL('../docs/split.png', import.meta.url));
await page.screenshot({ path });
console.log(path);
await browser.close();
await server.close();
