/** How the page is served: what is not there, its headers and licences, in a frame, and where it is not isolated. */

import { expect } from '@playwright/test';
import { startBareHost, startEmbedder } from './hosts.ts';
import { leave, test } from './onePage.ts';
import { expectProof, open, proof, watchErrors } from './page.ts';
import { watch } from './watch.ts';

test('what is not there is a 404, and every answer has the headers that static hosts are told', async ({
  request,
}) => {
  const page = await request.get('./');
  const script = /assets\/[^"]+\.js/.exec(await page.text())?.[0] ?? '';
  const answers = [page, await request.get(script), await request.get('torch/benchmark.py')];
  expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200]);
  for (const missing of ['assets/index-gone.js', 'split', 'torch/', 'favicon.ico', 'licences.md']) {
    const answer = await request.get(missing, { headers: { accept: 'text/html,*/*' } });
    expect({ missing, status: answer.status() }).toEqual({ missing, status: 404 });
    answers.push(answer);
  }
  const lines = (await (await request.get('_headers')).text()).split('\n');
  const told = lines.slice(1, lines.indexOf('')).map((line) => line.trim().split(/: (.*)/, 2));
  expect(told.length).toBeGreaterThan(5);
  expect(told.map(([name]) => name)).toContain('Content-Security-Policy');
  for (const answer of answers) {
    for (const [name = '', value] of told) expect(answer.headers()[name.toLowerCase()]).toBe(value);
  }
  // What is named after its content is asked for once; but for what is not there.
  const forever = lines[lines.indexOf('/assets/*') + 1]?.trim().replace('Cache-Control: ', '');
  expect(forever).toContain('immutable');
  const kept = answers.filter((answer) => answer.headers()['cache-control'] === forever);
  expect(kept.map((answer) => answer.url())).toEqual([new URL(script, page.url()).href]);
});

test('the licences of what is shipped are a click away', async ({ page }) => {
  await open(page);
  await page.getByRole('contentinfo').getByRole('link', { name: 'Licences' }).click();
  for (const name of ['comlink', 'recharts', '@fontsource-variable/inter', 'coi-serviceworker']) {
    await expect(page.locator('body')).toContainText(name);
  }
});

test.describe('in a frame', () => {
  test('of a page that is not isolated it says so, and opens in a tab of its own', async ({
    page,
    baseURL,
  }) => {
    const embedder = await startEmbedder(`${baseURL}#/split?ranks=3`, '');
    const errors = watchErrors(page);
    await page.goto(embedder.url);
    const frame = page.frameLocator('iframe');
    await expect(
      frame.getByRole('heading', { name: 'The page around this one is not isolated' }),
    ).toBeVisible();
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      frame.getByRole('link', { name: 'Open it in a tab of its own' }).click(),
    ]);
    await expectProof(tab, true);
    await expect(tab).toHaveURL(/ranks=3/);
    await tab.close();
    expect(errors).toEqual([]);
    embedder.close();
  });

  test('of a page that is isolated, and lets it be, it runs', async ({ page, baseURL }) => {
    const embedder = await startEmbedder(`${baseURL}#/split?device=cpu`, 'allow="cross-origin-isolated"', {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    await page.goto(embedder.url);
    const lines = page.frameLocator('iframe').locator('summary', { hasText: 'Checked: largest error' });
    await expect(lines).toBeVisible();
    embedder.close();
  });

  test('with an origin that nobody shares it still says what to do', async ({ page, baseURL }) => {
    const embedder = await startEmbedder(`${baseURL}`, 'sandbox="allow-scripts allow-popups"');
    const thrown: string[] = [];
    page.on('pageerror', ({ message }) => thrown.push(message));
    await page.goto(embedder.url);
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Open it in a tab of its own' });
    await expect(link).toBeVisible();
    expect(thrown).toEqual([]);
    embedder.close();
  });
});

test.describe('on a host without header control', () => {
  test('the page isolates itself', async ({ page, baseURL }) => {
    const host = await startBareHost(baseURL ?? '');
    const seen = await watch(page);
    await page.goto(host.url);
    await expect(proof(page)).toBeVisible();
    await expectProof(page, true);
    expect(seen.errors).toEqual([]);
    await seen.end();
    await leave(page);
    host.close();
  });

  for (const [where, make] of [
    ['that are blocked', { serviceWorkers: 'block' }],
    ['that are missing, as in private windows', { serviceWorkers: 'allow' }],
  ] as const) {
    test(`without service workers, ${where}, it says why it cannot run`, async ({ browser, baseURL }) => {
      const host = await startBareHost(baseURL ?? '');
      const context = await browser.newContext(make);
      const page = await context.newPage();
      if (make.serviceWorkers === 'allow') {
        await page.addInitScript(() => {
          Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
        });
      }
      const thrown: string[] = [];
      page.on('pageerror', ({ message }) => thrown.push(message));
      await page.goto(host.url);
      await expect(page.getByRole('heading', { name: 'not cross-origin isolated' })).toBeVisible();
      expect(thrown).toEqual([]);
      await context.close();
      host.close();
    });
  }
});

test('over plain http from elsewhere it asks for https', async ({ page, baseURL }) => {
  const thrown: string[] = [];
  page.on('pageerror', ({ message }) => thrown.push(message)); // browsers warn of headers that they pass over there
  await page.route('http://ringside.example/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, baseURL).href }) });
  });
  await page.goto('http://ringside.example/');
  await expect(page.getByRole('heading', { name: 'This page needs https or localhost' })).toBeVisible();
  await page.getByRole('button', { name: 'Copy link' }).click(); // there is no clipboard either
  await expect(page.getByRole('button', { name: 'Not allowed' })).toBeVisible();
  expect(thrown).toEqual([]);
});
