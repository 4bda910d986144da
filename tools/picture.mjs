// `npm run picture`: takes the README's pictures from the real pages, as they are built now. Those of the benchmark take
// half a minute: it runs.

import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { browserArgs, ensureBrowser } from './browser.mjs';
import { readNames } from './names.mjs';

const PICTURES = [
  {
    // For links to the page: the ring in the middle of its work.
    name: 'link',
    folder: 'public',
    hash: '#/split?at=4&present=1',
    width: 1280,
    height: 720,
    ready: 'Rank 0 adds chunk',
  },
  {
    name: 'story',
    hash: '#/story?chapter=4',
    width: 1280,
    height: 720,
    answer: true,
    ready: 'Chunk 1 complete on',
  },
  {
    name: 'plan',
    hash: '#/plan',
    height: 1240,
    ready: 'No layout that fits is quicker',
  },
  {
    // A row split in the middle of its reduce-scatter, with one element of Y pointed at.
    name: 'split',
    hash: '#/split?at=4&cell=2,7',
    height: 1280,
    ready: 'so far',
  },
  {
    name: 'layers',
    hash: '#/layers?open=q',
    height: 1400,
    ready: 'same bits on all ranks',
  },
  {
    name: 'model',
    hash: '#/model?ranks=4&device=cpu&tokens=40',
    height: 1140,
    ready: /as many tokens as were asked for|the model said that it is done/,
  },
  {
    // All three suites on this machine, with a run of public/torch/benchmark.py on the same machine laid over.
    name: 'benchmark',
    hash: '#/benchmark',
    height: 1180,
    run: true,
    overlay: fileURLToPath(new URL('../public/runs/two-cores-gloo.json', import.meta.url)),
    ready: /\d+ cells, 0 wrong/,
  },
];

const names = PICTURES.map(({ name }) => name);
const asked = readNames(
  `Usage: npm run picture -- [NAME …]

Takes these pictures, or all, from the page as it is built now: ${names.join(', ')}.

  --help  print this`,
  names,
);
const wanted = asked.length === 0 ? names : asked;
const server = await preview({ logLevel: 'error' });
const url = server.resolvedUrls?.local[0];
if (url === undefined) throw new Error('The preview server has no address.');
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserArgs });
for (const {
  name,
  hash,
  width = 1440,
  height,
  folder = 'docs',
  ready,
  run = false,
  answer = false,
  overlay = null,
} of PICTURES.filter((picture) => wanted.includes(picture.name))) {
  const page = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}${hash}`);
  if (run) {
    await page.getByRole('button', { name: /^Run \d+ cells/ }).click();
    await page.getByRole('button', { name: /^Run \d+ cells/ }).waitFor({ timeout: 120_000 });
  }
  if (answer) {
    await page.getByRole('textbox').fill('6');
    await page.getByRole('radio', { name: 'rank 1' }).check();
    await page.getByRole('button', { name: 'Run it on the ranks' }).click();
  }
  if (overlay !== null) await page.locator('input[type=file]').setInputFiles(overlay);
  await page.getByText(ready).first().waitFor();
  await page.waitForTimeout(500); // charts are drawn when their code has come
  const path = fileURLToPath(new URL(`../${folder}/${name}.png`, import.meta.url));
  await page.screenshot({ path });
  console.log(path);
  await page.close();
}
await browser.close();
await server.close();
