/** A model from another host, as the built page loads it under its policy: kept, and there when the network is not. */

import { expect, type Page } from '@playwright/test';
import { type Folder, serveModel, stories } from './modelHost.ts';
import { test } from './onePage.ts';

const MODEL = 'https://models.example/someone/stories/';

/** Two layers of the embedded model: what it writes is no matter here, and each layer is asked for in tens of requests. */
const short: Folder = (file) => {
  const bytes = stories(file);
  if (file !== 'config.json') return bytes;
  const config = JSON.parse(Buffer.from(bytes ?? []).toString());
  return Buffer.from(JSON.stringify({ ...config, num_hidden_layers: 2 }));
};

async function written(page: Page): Promise<string> {
  const text = page.locator('[data-part=conversation]');
  await expect(page.getByRole('listbox', { name: 'Tokens that the model wrote' })).toBeVisible();
  await expect(page.locator('[data-token="11"]')).toBeVisible();
  return text.innerText();
}

test('a model from another host is kept, and writes the same without a network', async ({ page }) => {
  const asked = await serveModel(page, MODEL, short);
  const query = new URLSearchParams({
    model: MODEL,
    ranks: '2',
    device: 'cpu',
    tokens: '12',
    prompt: 'One day',
  });
  await page.goto(`./#/model?${query}`);
  const first = await written(page);
  expect(asked.length).toBeGreaterThan(20);
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
