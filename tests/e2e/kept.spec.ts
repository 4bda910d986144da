/** A model from another host, as the built page loads it under its policy: kept, and there when the network is not. */

import { readFileSync } from 'node:fs';
import { expect, type Page, type Route, test } from '@playwright/test';

const MODEL = 'https://models.example/someone/stories/';

/** A server with ranges, as hubs are. */
async function serve(route: Route, asked: string[]): Promise<void> {
  const request = route.request();
  const file = request.url().slice(MODEL.length);
  let bytes: Buffer;
  try {
    bytes = readFileSync(new URL(`../../public/models/stories/${file}`, import.meta.url));
  } catch {
    return route.fulfill({ status: 404, headers: { 'Access-Control-Allow-Origin': '*' } });
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers()['range'] ?? '') ?? [];
  asked.push(`${file} ${first ?? ''}`);
  const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Content-Range' };
  if (first === undefined) return route.fulfill({ headers: cors, body: bytes });
  const body = bytes.subarray(Number(first), Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + body.length - 1}/${bytes.length}`;
  return route.fulfill({ status: 206, headers: { ...cors, 'Content-Range': range }, body });
}

async function written(page: Page): Promise<string> {
  const text = page.locator('[data-part=conversation]');
  await expect(page.getByRole('listbox', { name: 'Tokens that the model wrote' })).toBeVisible();
  await expect(page.locator('[data-token="11"]')).toBeVisible();
  return text.innerText();
}

test('a model from another host is kept, and writes the same without a network', async ({ page }) => {
  const asked: string[] = [];
  await page.route(`${MODEL}**`, (route) => serve(route, asked));
  const query = new URLSearchParams({
    model: MODEL,
    ranks: '2',
    device: 'cpu',
    tokens: '12',
    prompt: 'One day',
  });
  await page.goto(`./#/model?${query}`);
  const first = await written(page);
  expect(asked.length).toBeGreaterThan(50);
  expect(new Set(asked.map((one) => one.split(' ')[0]))).toContain('model.safetensors');

  await page.unroute(`${MODEL}**`);
  const late: string[] = [];
  await page.route(`${MODEL}**`, (route) => {
    late.push(route.request().url());
    return route.abort();
  });
  await page.reload();
  expect(await written(page)).toBe(first);
  expect(late).toEqual([]);
});
