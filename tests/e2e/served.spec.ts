/** How the page is served: what it may load, what it says where it is not isolated, and what is not there. */

import { expect, type Page } from '@playwright/test';
import { startBareHost, startEmbedder } from './hosts.ts';
import { expectRight, openLayers } from './layersPage.ts';
import { leave, test } from './onePage.ts';
import { choose, expectProof, open, proof, scrubber, watchErrors } from './page.ts';

interface Watch {
  /** Errors and warnings; what the policy blocks is one, in workers too. */
  readonly errors: string[];
  readonly origins: ReadonlySet<string>;
  /** Documents to come are not watched. */
  end(): Promise<void>;
}

async function watch(page: Page): Promise<Watch> {
  const origins = new Set<string>();
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:') origins.add(origin);
  });
  const script = await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`policy: ${violatedDirective} blocks ${blockedURI} ${sample}`);
    });
  });
  return { errors: watchErrors(page), origins, end: () => script.dispose() };
}

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
    await expect(page.locator('summary', { hasText: 'cells, 0 wrong' })).toBeVisible({ timeout: 40_000 });
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
