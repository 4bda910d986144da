/** A model from another host, as the built page loads it under its policy: kept, and there when the network is not. */

import { expect, type Page, type Route } from '@playwright/test';
import { type Folder, serveModel, stories } from './modelHost.ts';
import { test } from './onePage.ts';

const MODEL = 'https://models.example/someone/stories/';
const OTHER = 'https://models.example/someone/other/';

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

/** Has ranks wait for a broken network for a moment, and not for the time of a router. */
async function hasten(page: Page): Promise<void> {
  await page.route('**/model.rank*.js', async (route) => {
    const response = await route.fetch();
    const body = `const wait = setTimeout;
      self.setTimeout = (call, ms, ...all) => wait(call, ms < 1000 ? ms : 1, ...all);`;
    await route.fulfill({ response, body: body + (await response.text()) });
  });
}

test('a model from another host is kept, and writes the same without a network', async ({ page }) => {
  const asked = await serveModel(page, MODEL, short);
  const own = { ranks: '2', device: 'cpu', tokens: '12', prompt: 'One day' };
  await hasten(page);
  await page.goto(`./#/model?${new URLSearchParams(own)}`);
  const before = await written(page);

  // The network goes while the ranks load. What was written before stays, and a click goes on where it stopped.
  const isShard = (one: string): boolean => /^model.safetensors \d+/.test(one);
  const cut = (route: Route): Promise<void> =>
    asked.filter(isShard).length < 12 ? route.fallback() : route.abort();
  await page.route(`${MODEL}**`, cut);
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `#/model?${new URLSearchParams({ ...own, model: MODEL })}`,
  );
  const alert = page.getByRole('alert').filter({ hasText: 'The download broke' });
  await expect(alert).toContainText('The text stays.');
  expect(await written(page)).toBe(before);
  await page.unroute(`${MODEL}**`, cut);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('[data-part=conversation]')).not.toHaveText(before, { useInnerText: true });
  const first = await written(page);
  const shards = asked.filter(isShard);
  expect(shards.length).toBeGreaterThan(20);
  for (const one of shards) expect(shards.filter((other) => other === one).length).toBeLessThanOrEqual(2); // of the norms each rank has all

  await page.unroute(`${MODEL}**`);
  const late: string[] = [];
  await page.route(`${MODEL}**`, (route) => {
    late.push(route.request().url());
    return route.abort();
  });
  await page.reload();
  expect(await written(page)).toBe(first);
  expect(late).toEqual([]);

  // What is kept is listed with its size, and can be deleted, one or all.
  await serveModel(page, OTHER, short);
  const other = { ...own, model: OTHER };
  await page.goto(`./#/model?${new URLSearchParams({ ...other, ranks: '1' })}`);
  await written(page);
  const kept = page.locator('details', { hasText: 'Kept in this browser' });
  await kept.getByText('Kept in this browser').click();
  const models = kept.getByRole('listitem');
  await expect(models).toHaveText([/^other.*[KM]iBDelete$/, /^stories.*[KM]iBDelete$/]); // the last used first
  await expect(kept).toContainText(/[\d.]+ [KM]iB of the [\d.]+ [GT]iB that the browser allows this page/);
  await kept.getByRole('button', { name: 'Delete other' }).click();
  await expect(models).toHaveText([/^stories/]);
  await expect(kept.getByRole('button', { name: 'Delete all' })).toBeHidden(); // there is one
  await page.goto(`./#/model?${new URLSearchParams(other)}`); // fetched and kept anew
  await expect(models).toHaveCount(2);
  await kept.getByRole('button', { name: 'Delete all' }).click();
  await expect(kept).toBeHidden();
  const left = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });
  expect(left).toEqual([]);
});
