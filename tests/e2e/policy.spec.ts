/** What the page may load and reach: nothing of ours is blocked, and nothing leaves the origin. */

import { expect, type Page } from '@playwright/test';
import { expectRight, openLayers } from './layersPage.ts';
import { test } from './onePage.ts';
import { choose, expectProof, open, scrubber } from './page.ts';
import { type Watch, watch } from './watch.ts';

async function saved(page: Page, button: string | RegExp): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: typeof button === 'string' }).click(),
  ]);
  const stream = await download.createReadStream();
  return (await stream.toArray()).join('');
}

test.describe('the policy blocks nothing, and nothing leaves the origin', () => {
  let seen: Watch;

  test.beforeEach(async ({ page }) => {
    seen = await watch(page);
  });

  test.afterEach(async ({ baseURL }) => {
    await seen.end();
    expect(seen.errors).toEqual([]);
    expect([...seen.origins]).toEqual([new URL(baseURL ?? '').origin]);
  });

  test('on the Split page, on both devices and in the dark', async ({ page }) => {
    await open(page, { device: 'webgpu' });
    await page.getByRole('button', { name: /dark theme/ }).click();
    await scrubber(page).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('End');
    await page.getByRole('gridcell').focus();
    await expect(page.getByText('In float64 it is')).toBeVisible();
    await page.getByRole('region', { name: 'Where the time went' }).scrollIntoViewIfNeeded();
    await expect(page.locator('.recharts-surface').first()).toBeVisible();
    await choose(page, 'Device', 'CPU');
    await choose(page, 'Split', 'Column');
    await expectProof(page, true);
  });

  test('on the Layers page, with an export', async ({ page }) => {
    await openLayers(page, { ranks: 2 });
    await page.getByRole('button', { name: /dark theme/ }).click();
    expect(await saved(page, 'Export trace')).toContain('traceEvents');
    await choose(page, 'Layer', 'Block');
    await expectRight(page);
  });

  test('in the story, for a room and on paper too, and in the museum', async ({ page }) => {
    await page.goto('./#/story?chapter=6&device=cpu');
    await page.getByRole('button', { name: /dark theme/ }).click();
    for (const cut of ['Cut A', 'Cut B']) await choose(page, cut, 'by rows');
    await page.getByRole('button', { name: 'Run it on the ranks' }).click();
    await expect(page.getByRole('table').filter({ hasText: 'Collectives that ran' })).toBeVisible();
    await page.goto('./#/story?chapter=3&device=cpu&present=1');
    await expect(page.getByRole('button', { name: 'Run it on the ranks' })).toBeVisible();
    await page.keyboard.press('PageDown');
    await expect(page.getByRole('region', { name: 'The picture' })).toBeVisible();
    await page.goto('./#/story?sheet=1');
    await expect(page.getByRole('img', { name: /Code that opens chapter/ })).toHaveCount(9);
    await page.goto('./#/museum?device=cpu');
    await expect(page.getByRole('status')).toContainText('Caught on');
  });

  test('on the Plan page, with a file of one’s own', async ({ page }) => {
    await page.goto('./#/plan');
    await page.getByRole('button', { name: /dark theme/ }).click();
    await page.getByText('Its config.json', { exact: true }).click();
    await page
      .getByRole('textbox', { name: /^config.json/ })
      .fill('{ "architectures": ["MambaForCausalLM"] }');
    await expect(page.getByRole('alert')).toContainText('MambaForCausalLM');
    await page.getByRole('combobox', { name: 'Model' }).fill('Qwen/Qwen2.5-0.5B');
    await expect(page.getByText('494 M')).toBeVisible();
    await expect(page.locator('.recharts-surface').first()).toBeVisible();
  });

  test('on the Model page, with the model that comes along', async ({ page }) => {
    await page.goto('./#/model?ranks=2&device=cpu&tokens=8');
    await page.getByRole('button', { name: /dark theme/ }).click();
    await expect(page.locator('[data-token="7"]')).toBeVisible();
    await page.locator('[data-token="3"]').hover();
    await expect(page.getByRole('region', { name: 'The token' })).toContainText('number 4');
  });

  test('on the Benchmark page, with a run, files in and out, and charts', async ({ page }) => {
    const query =
      'suite=collectives,layers,model&ops=all_reduce,row_linear,prefill,decode&device=cpu&ranks=1,2';
    await page.goto(`./#/benchmark?${query}&sizes=4KiB,64KiB&shapes=4x32x48&budget=10ms`);
    await page.getByRole('button', { name: /dark theme/ }).click();
    await page.getByRole('button', { name: /^Run \d+ cells/ }).click();
    await expect(page.locator('summary', { hasText: 'cells, 0 wrong' })).toBeVisible({ timeout: 60_000 });
    await choose(page, 'Suite of the table', 'Model');
    const cells = page.getByRole('region', { name: 'Every cell, table' });
    await expect(cells.getByRole('columnheader', { name: 'tokens/s' })).toBeVisible();
    await expect(cells.getByRole('row', { name: /^Decode stories CPU 2 1 128 / })).toBeVisible();
    await expect(page.locator('.recharts-surface').first()).toBeVisible();
    await page.locator('.recharts-surface').first().hover();
    const record = await saved(page, 'Download');
    expect(await saved(page, 'Download benchmark.py')).toContain('torchrun');
    const file = { name: 'before.json', mimeType: 'application/json', buffer: Buffer.from(record) };
    await page.locator('input[type=file]').setInputFiles([file]);
    const runs = page.getByRole('region', { name: 'Runs, table' });
    await expect(runs.getByRole('checkbox', { name: 'Lay before.json over the charts' })).toBeChecked();
    const against = page.getByRole('combobox', { name: 'Run to compare with' });
    await against.selectOption({ index: 1 });
    await expect(page.getByRole('status').filter({ hasText: 'geometric mean' })).toBeVisible();
  });
});

test('the policy does block other hosts, and scripts in the page that are not ours', async ({ page }) => {
  const blocked: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('policy: ')) blocked.push(message.text());
  });
  const watching = await watch(page);
  await page.goto('./');
  await page.evaluate(async () => {
    await fetch('https://example.com/').catch(() => {});
    const script = document.createElement('script');
    script.textContent = 'document.title = "injected"';
    document.head.append(script);
    document.body.insertAdjacentHTML('beforeend', '<i style="color: red"></i>');
  });
  await expect.poll(() => blocked.join('\n')).toContain('connect-src blocks https://example.com/');
  for (const directive of ['script-src-elem', 'style-src-attr']) {
    expect(blocked.join('\n')).toContain(`${directive} blocks inline`);
  }
  await expect(page).not.toHaveTitle('injected');
  await watching.end();
});

test('workers may fetch a model from elsewhere, by https alone', async ({ page }) => {
  const asked = ['https://models.example/', 'http://models.example/'];
  const answer = { headers: { 'Access-Control-Allow-Origin': '*' }, body: 'a model' };
  for (const url of asked) await page.route(url, (route) => route.fulfill(answer));
  // A worker's script with the headers of every other; what it does is the test's.
  await page.route('**/assets/probe.js', async (route) => {
    const script = /assets\/[^"]+\.js/.exec(await (await page.request.get('./')).text())?.[0] ?? '';
    const headers = (await page.request.get(script)).headers();
    const body = `onmessage = async ({ data }) => {
      const texts = data.map((url) => fetch(url).then((answer) => answer.text(), () => 'blocked'));
      postMessage(await Promise.all(texts));
    };`;
    await route.fulfill({ headers, body });
  });
  await page.goto('./');
  const got = await page.evaluate(
    (urls) =>
      new Promise((resolve) => {
        const worker = new Worker('./assets/probe.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => resolve(event.message || 'it did not start');
        worker.postMessage(urls);
      }),
    asked,
  );
  expect(got).toEqual(['a model', 'blocked']);
});
