/** The Model page where something is stopped, refused or breaks. */

import { expect } from '@playwright/test';
import { done, open, tokens, workersOf } from './modelPage.ts';
import { test } from './onePage.ts';
import { choose, heading } from './page.ts';

test('a text can be stopped, goes on, and outlives its ranks', async ({ page }) => {
  // By the page itself: its 200 tokens take half a second.
  const watch = await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('[data-token="5"]') === null) return;
      const stop = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Stop');
      stop?.click();
      if (stop !== undefined) observer.disconnect();
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await open(page, { tokens: 200, ranks: 3 });
  await expect(page.getByText('stopped', { exact: true })).toBeVisible();
  await watch.dispose();
  expect(await tokens(page).getByRole('option').count()).toBeLessThan(200);

  // A rank dies as it is asked for more, as where a browser ends a worker to have its memory.
  const text = await tokens(page).innerText();
  const [worker] = page.workers().filter((one) => one.url().includes('model.rank'));
  await worker?.evaluate(() => {
    const die = () => {
      throw new Error('the rank died');
    };
    addEventListener('message', () => setTimeout(die), { once: true });
  });
  await page.getByRole('button', { name: 'Go on' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'A rank failed' });
  await expect(alert).toContainText('the rank died. The text stays, and goes on from its end.');
  expect((await tokens(page).innerText()).startsWith(text)).toBe(true);
  await expect.poll(() => page.workers()).toEqual([]);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toBeHidden();
  await expect(page.getByText(/there is no room for more|asked for|is done/)).toBeVisible();
  await expect.poll(() => workersOf(page)).toEqual([3, 1]);
});

test('whatever breaks, the text stays, says what happened, and goes on by a click', async ({ page }) => {
  await open(page, { tokens: 24, temperature: 0 });
  await done(page);
  const text = await tokens(page).innerText();
  const wrote = (ranks: string): Promise<void> =>
    expect(heading(page)).toHaveText(new RegExp(`^${ranks} ranks wrote 24 tokens, `));
  await wrote('Two');
  const broken = async (title: string, rest: string): Promise<void> => {
    const alert = page.getByRole('alert').filter({ hasText: title });
    await expect(alert).toContainText(rest);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('alert')).toBeHidden();
  };

  // A tab that is hidden while it writes, as a browser tells it.
  const again = page.getByRole('button', { name: 'Write again' });
  const unreliable = page.getByText(/^Unreliable: the tab was hidden/);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  });
  await again.click();
  await expect(unreliable).toBeVisible();
  await expect(page.getByRole('row', { name: /unreliable: the tab was hidden/ })).toBeVisible();
  await page.evaluate(() => Reflect.deleteProperty(document, 'hidden'));
  await again.click();
  await expect(unreliable).toBeHidden();
  await wrote('Two');

  // A network that is gone, so that the script of other ranks does not come.
  await page.route('**/model.rank*.js', (route) => route.abort());
  await choose(page, 'Ranks', '4');
  const stays = page.getByRole('alert').filter({ hasText: 'The text stays.' });
  await expect(stays).toBeVisible();
  await expect(tokens(page)).toHaveText(text, { useInnerText: true });
  await wrote('Two');
  await page.unroute('**/model.rank*.js');
  await broken('A rank failed', 'its script could not be loaded. The text stays.');
  await wrote('Four');
  await expect(tokens(page)).toHaveText(text, { useInnerText: true });

  // A browser that has no memory for more ranks.
  await page.evaluate(() => {
    const construct = (): never => {
      throw new RangeError('no room');
    };
    Object.assign(window, { Memory: WebAssembly.Memory });
    WebAssembly.Memory = new Proxy(WebAssembly.Memory, { construct });
  });
  await choose(page, 'Ranks', '3');
  await expect(stays).toContainText('The browser has no room for the ranks.');
  await wrote('Four');
  await page.evaluate(() => {
    WebAssembly.Memory = Reflect.get(window, 'Memory');
  });
  await broken('no room for the ranks', 'The text stays.');
  await wrote('Three');

  // A GPU that is lost under the text.
  await page.route('**/model.rank*.js', async (route) => {
    const response = await route.fetch();
    const keep = `const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...all) {
        return (self.gpuDevice = await request.apply(this, all));
      };`;
    await route.fulfill({ response, body: keep + (await response.text()) });
  });
  await choose(page, 'Device', 'WebGPU');
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  const [rank] = page.workers().filter((worker) => worker.url().includes('model.rank'));
  await rank?.evaluate(() => Reflect.get(self, 'gpuDevice').destroy());
  await broken('A device failed', 'The text stays');
  await wrote('Three');
  await expect(tokens(page)).toHaveText(text, { useInnerText: true });
});
