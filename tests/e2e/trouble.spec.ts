/** What a curious visitor does to break it. */

import { expect } from '@playwright/test';
import { verdict } from './layersPage.ts';
import { leave, test } from './onePage.ts';
import { choose, expectProof, heading, open, proof, ranksAlive, watchErrors } from './page.ts';

test('bad input gets a sentence, and the last good run stays', async ({ page }) => {
  await open(page);
  const words = await heading(page).innerText();
  const m = page.getByRole('textbox', { name: /^M, / });
  for (const [typed, sentence] of [
    ['0', 'M is 0. It must be a whole number from 1 to 32,768.'],
    ['banana', 'M is not a number.'],
    ['2.5', 'M is 2.5.'],
    ['99999999', 'M is 99999999.'],
  ] as const) {
    await m.fill(typed);
    await m.press('Enter');
    await expect(page.getByRole('alert')).toContainText(sentence);
    await expect(heading(page)).toHaveText(words);
    await expectProof(page, true);
  }
  await m.fill('5');
  await m.press('Enter');
  await expect(page.getByRole('alert')).toBeHidden();
  await expectProof(page, true);
});

test('a malformed link says what is wrong, and the page still works', async ({ page }) => {
  for (const [query, sentence] of [
    ['device=cpu&ranks=99', 'The number of ranks is 99.'],
    ['split=diagonal&device=cpu', '“diagonal” is no split.'],
    ['device=cpu&m=1024&k=2048&n=8192', 'M can be up to 128.'],
    ['device=tpu', '“tpu” is no device.'],
  ] as const) {
    await leave(page);
    await page.goto(`./#/split?${query}`);
    await expect(page.getByRole('alert')).toContainText(sentence);
    await page.getByRole('button', { name: 'Tiny' }).click();
    if (query.startsWith('split')) await choose(page, 'Split', 'Row');
    if (query.startsWith('device=tpu')) await choose(page, 'Device', 'CPU');
    await expectProof(page, true);
  }
});

test('an unknown page has a way back', async ({ page }) => {
  await page.goto('./#/nowhere');
  await expect(heading(page)).toBeVisible();
  await page.getByRole('main').getByRole('link').first().click();
  await expectProof(page, true);
});

test('stop ends a long run at once, leaves no rank behind, and the next run works', async ({ page }) => {
  await open(page);
  const words = await heading(page).innerText();
  await page.getByRole('gridcell').focus();
  await expect(page.getByText('In float64 it is')).toBeVisible();
  // About a thousand million multiply-adds: seconds on this device.
  await page.evaluate(() => {
    location.hash = '#/split?split=pair&ranks=2&m=64&k=2048&n=8192&device=cpu';
  });
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.click();
  await expect(stop).toBeHidden();
  await expect.poll(() => ranksAlive(page)).toBe(0);
  await expect(heading(page)).toHaveText(words);

  // The picture is still there; the numbers of another cell are a run away.
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Run it again' }).click();
  await expect(page.getByText('In float64 it is')).toBeVisible();
  await expect(heading(page)).toHaveText(words);

  await page.getByRole('button', { name: 'Tiny' }).click();
  await expect(heading(page)).toContainText('2 ranks');
  await expectProof(page, true);
  expect(ranksAlive(page)).toBe(2);
});

test('changing everything at once ends with what was chosen last, and no rank too many', async ({ page }) => {
  const errors = watchErrors(page);
  await open(page, { device: 'webgpu' });
  for (const ranks of ['8', '1', '5', '2', '7', '3']) await choose(page, 'Ranks', ranks);
  for (const split of ['Column', 'Pair', 'None', 'Row', 'Pair']) await choose(page, 'Split', split);
  await expect(heading(page)).toContainText('3 ranks');
  await expect.poll(() => ranksAlive(page)).toBe(3);
  await expectProof(page, true);
  const slider = page.getByRole('slider', { name: /^K / });
  await slider.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/k=36/);
  await expect(page.getByRole('region', { name: 'The product' })).toContainText('8 × 36');
  await expectProof(page, true);
  expect(errors).toEqual([]);
});

test('two tabs run side by side', async ({ context }) => {
  const pages = [await context.newPage(), await context.newPage()];
  await Promise.all(pages.map((page, i) => open(page, { device: 'webgpu', ranks: 4, seed: i + 1 })));
  for (const page of pages) await expectProof(page, true);
});

test('reloading in the middle of a run starts it anew, and leaving the page ends its ranks', async ({
  page,
}) => {
  await page.goto('./');
  await expect.poll(() => ranksAlive(page)).toBeGreaterThan(0);
  await page.reload();
  await expect(proof(page)).toBeVisible();
  await expectProof(page, true);
  expect(ranksAlive(page)).toBe(4);
  await page.goto('about:blank');
  await expect.poll(() => ranksAlive(page)).toBe(0);
});

test('a benchmark has the machine to itself, and what gave way comes back', async ({ page }) => {
  const errors = watchErrors(page);
  await open(page, { ranks: 3 });
  const go = (name: string) => page.getByRole('banner').getByRole('link', { name, exact: true }).click();
  await page.goto('./#/benchmark?suite=collectives&device=cpu&ranks=2&sizes=4KiB,16KiB&budget=400ms');
  const run = page.getByRole('button', { name: /^Run \d+ cells/ });
  await expect(run).toBeVisible();
  expect(ranksAlive(page)).toBe(3);
  await run.click();
  await expect.poll(() => ranksAlive(page)).toBe(0);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await go('Split');
  await expect.poll(() => ranksAlive(page)).toBe(3);
  await expectProof(page, true);
  await go('Benchmark');
  await expect.poll(() => ranksAlive(page)).toBe(0);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible(); // it goes on again
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(run).toBeVisible();
  await go('Split');
  await expect.poll(() => ranksAlive(page)).toBe(3);
  await expectProof(page, true);
  expect(errors).toEqual([]);
});

test.describe('with little shared memory', () => {
  let small: { dispose(): Promise<void> };

  test.beforeEach(async ({ page }) => {
    // As on a phone: the browser refuses what is larger than its room, which is 8 MiB at first.
    small = await page.addInitScript(() => {
      Object.assign(window, { roomPages: 128 });
      const construct = (target: typeof WebAssembly.Memory, [descriptor]: [WebAssembly.MemoryDescriptor]) => {
        if (descriptor.initial > Reflect.get(window, 'roomPages')) throw new RangeError('no room');
        return new target(descriptor);
      };
      WebAssembly.Memory = new Proxy(WebAssembly.Memory, { construct });
    });
  });
  test.afterEach(() => small.dispose());

  for (const name of ['split', 'layers'] as const) {
    test(`small runs run, and ${name} offers nothing that needs as much`, async ({ page }) => {
      await page.goto(`./#/${name}?device=cpu`);
      await expect(name === 'split' ? proof(page) : verdict(page)).toBeVisible();
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#/${name}?ranks=8`);
      const alert = page.getByRole('alert');
      await expect(alert).toContainText('The browser has no room for the ranks.');
      await expect(alert).toContainText(/refused 1[3-6] MiB of shared memory\. Close other tabs/);
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Use the CPU' })).toBeHidden();
      await page.evaluate(() => Object.assign(window, { roomPages: 1024 }));
      await choose(page, 'Device', 'CPU');
      await expect(heading(page)).toContainText('8 ranks');
      await expect(alert).toBeHidden();
    });
  }

  test('the museum and the pair of the story run', async ({ page }) => {
    await page.goto('./#/museum?device=cpu');
    await expect(page.getByRole('status')).toContainText('Caught on');
    await page.goto('./#/story?chapter=6&device=cpu');
    for (const cut of ['Cut A', 'Cut B']) await choose(page, cut, 'by rows');
    await page.getByRole('button', { name: 'Run it on the ranks' }).click();
    await expect(page.getByRole('table').filter({ hasText: 'Collectives that ran' })).toBeVisible();
  });
});

test('without WebGPU the page runs on the CPU, and says so', async ({ page }) => {
  // Workers too: each asks for an adapter of its own.
  await page.route('**/*split.rank*.js', async (route) => {
    const response = await route.fetch();
    const hide = 'Object.defineProperty(Object.getPrototypeOf(navigator), "gpu", { value: undefined });';
    await route.fulfill({ response, body: hide + (await response.text()) });
  });
  await page.goto('./');
  await expectProof(page, true);
  await expect(page.getByRole('banner')).toContainText('CPU');
  await expect(page.getByRole('radio', { name: 'WebGPU' })).toBeDisabled();
  await expect(page.getByText('WebGPU gave no adapter here, so the ranks compute on the CPU.')).toBeVisible();

  // A link can still ask for it.
  await leave(page);
  await page.goto('./#/split?device=webgpu');
  await expect(page.getByRole('main')).toContainText('WebGPU');
  await expect(page.getByRole('main')).toContainText(/navigator\.gpu|no WebGPU|not support/i);
  await choose(page, 'Device', 'CPU');
  await expectProof(page, true);
});
