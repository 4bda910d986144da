/** The Layers page: every layer runs and is proven, can be stepped through and opened, and survives what is wrong. */

import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { box, expectRight, layerRanks, openLayers, verdict } from './layersPage.ts';
import { leave, test } from './onePage.ts';
import { choose, expectAccessible, heading, idle, scrubber, watchErrors } from './page.ts';

const LAYERS: readonly [label: string, title: RegExp][] = [
  ['Linear pair', /Linear pair on 4 ranks: .*one all-reduce/],
  ['Embedding', /Embedding on 4 ranks: .*one all-reduce/],
  ['Language-model head', /Language-model head on 4 ranks: .*one all-gather/],
  ['Cross entropy', /Cross entropy on 4 ranks: .*three all-reduces/],
  ['MLP', /MLP on 4 ranks: .*one all-reduce/],
  ['Block', /Block on 4 ranks: .*two all-reduces/],
  [
    'Block, sequence parallel',
    /Sequence-parallel block on 4 ranks: .*two all-gathers and two reduce-scatters/,
  ],
  ['Mixture of experts', /Mixture of experts on 4 ranks: .*one all-reduce/],
  ['Latent attention', /Latent attention on 4 ranks: .*one all-reduce/],
  ['Attention', /Attention on 4 ranks: .*one all-reduce/],
];

test('every layer runs as predicted, one after the other', async ({ page }) => {
  const errors = watchErrors(page);
  await openLayers(page);
  for (const [label, title] of LAYERS) {
    await choose(page, 'Layer', label);
    await expect(heading(page)).toHaveText(title);
    await expectRight(page);
  }
  expect(errors).toEqual([]);
});

test('attention runs as predicted on four WebGPU ranks', async ({ page }) => {
  await openLayers(page, { device: 'webgpu' });
  await expect(heading(page)).toContainText('Attention on 4 ranks');
  await expectRight(page);
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  expect(layerRanks(page)).toBe(4);
});

test('the number of ranks follows the arrow keys', async ({ page }) => {
  await openLayers(page, { layer: 'mlp' });
  await page.getByRole('radio', { name: '4', exact: true }).focus();
  for (const ranks of [5, 6, 8]) {
    await page.keyboard.press('ArrowRight');
    await expect(heading(page)).toContainText(`MLP on ${ranks} ranks`);
    await expectRight(page);
  }
});

test('a trace is saved as JSON, and one token is decoded after those in the cache', async ({ page }) => {
  await openLayers(page, { ranks: 2 });
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export trace' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('ringside-attention-2-ranks.json');
  const trace = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(trace.traceEvents.length).toBeGreaterThan(20);

  await page.getByRole('button', { name: 'Decode one token' }).click();
  await expect(page.locator('[data-part=lead]')).toContainText('the one new token looks back at 33 tokens');
  await expect(page).toHaveURL(/tokens=1&past=32/);
  await expectRight(page);
});

test('a row split in blocks of rows comes by a link, and has a clock of the pass in one go', async ({
  page,
}) => {
  await openLayers(page, { layer: 'linear-pair', ranks: 2, 's.blocks': 4 });
  await expect(heading(page)).toContainText('Linear pair on 2 ranks: columns, then rows, four all-reduces');
  await expectRight(page);
  const clock = page.getByRole('region', { name: 'The clock' });
  await clock.getByText('The spans as a table').click();
  await expect(clock.getByRole('cell', { name: /^all-reduce/ }).first()).toBeVisible();
  await clock.getByRole('radio', { name: 'In one go' }).check();
  await expect(clock).toContainText('What runs side by side lies one above the other.');
  await expect(clock.getByRole('cell', { name: /^reduce-scatter step/ }).first()).toBeVisible();
});

test('a step is reached by keys, a link to it leads there, and “?” lists the keys, but not while something is written', async ({
  page,
}) => {
  await openLayers(page, { ranks: 2 });
  await scrubber(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/at=3/);
  const shown = (await scrubber(page).getAttribute('aria-valuetext')) ?? '';
  await page.reload();
  await expect(verdict(page)).toBeVisible();
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', shown);
  await expect(page).toHaveURL(/at=3/);

  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await page.getByRole('textbox', { name: /^Tokens of this pass/ }).press('?');
  await expect(dialog).toBeHidden();
  await page.getByRole('slider', { name: 'Moment of the run' }).press('?');
  await expect(dialog).toContainText('open its tensor');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Keys' }).click();
  await expect(dialog).toBeVisible();
});

test('a tensor opens with its values on each rank', async ({ page }) => {
  await openLayers(page, { ranks: 2 });
  await box(page, /^q\b.*rank 1/)
    .first()
    .click();
  const opened = page.getByRole('region', { name: /^Selected: q on rank 1/ });
  await expect(opened).toContainText(/mean/);
  await expect(page).toHaveURL(/open=q/);
  await expect(opened).toBeInViewport({ ratio: 0.5 }); // beside the box, not far below it
  await expect(box(page, /^q\b.*rank 1/).first()).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: /^The output: y/ })).toBeAttached();
  await expect(page).not.toHaveURL(/open=/);

  await page.setViewportSize({ width: 390, height: 844 }); // a sheet over the scrubber
  await box(page, /^k\b.*\[/)
    .last()
    .click();
  const sheet = page.getByRole('region', { name: /^Selected: k/ });
  await expect(sheet).toBeInViewport();
  await expect(box(page, /^k\b.*\[/).last()).toBeInViewport();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(sheet).toBeHidden();
});

test('a link that cannot run gets a sentence, and the page still works', async ({ page }) => {
  for (const [query, sentence] of [
    ['ranks=99', 'The number of ranks is 99.'],
    ['layer=rnn', '“rnn” is no layer.'],
    ['preset=gpt-9', '“gpt-9” is no model here.'],
    ['tokens=none', 'The number of tokens is not a number.'],
    ['layer=toString', '“toString” is no layer.'],
    ['s.__proto__=1', 'This layer has no “__proto__”.'],
  ] as const) {
    await leave(page);
    await page.goto(`./#/layers?device=cpu&${query}`);
    await expect(page.getByRole('alert').filter({ visible: true })).toContainText(sentence);
  }
  await page.getByRole('button', { name: 'Start from the defaults' }).click();
  await expect(heading(page)).toContainText('Attention on 4 ranks');
  await expectRight(page);
});

test('a size that does not fit is refused, and the last run stays', async ({ page }) => {
  await openLayers(page, { ranks: 2 });
  const words = await heading(page).innerText();
  await page.getByText('Adjust sizes').click();
  const heads = page.getByRole('textbox', { name: /^Key\/value heads/ });
  await heads.fill('3');
  await expect(page.getByRole('alert').filter({ visible: true })).toContainText(
    '3 key/value heads do not divide',
  );
  await expect(heading(page)).toHaveText(words);
  await page.getByRole('button', { name: 'Reset 1 change' }).click();
  await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0);
  await expectRight(page);
});

test('stop ends a run, leaves no rank behind, and the next one works', async ({ page }) => {
  await openLayers(page, { ranks: 2 });
  // As much as the page lets one ask for: seconds on this device.
  await page.evaluate(() => {
    location.hash = '#/layers?layer=mlp&ranks=2&tokens=512&device=webgpu&s.hidden=512&s.intermediate=640';
  });
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.waitFor();
  // What stands there is of the settings before, and looks so.
  await expect(
    page.getByText('What is chosen is on its way. The picture is of the run before.'),
  ).toBeVisible();
  await expect(page.locator('[data-stale]').filter({ has: verdict(page) })).toHaveCount(1);
  await expect(page.locator('[data-stale]').filter({ has: scrubber(page) })).toHaveCount(1);
  await stop.click();
  await expect(page.getByText('What is chosen has not run. The picture')).toBeVisible();
  await expect(stop).toBeHidden();
  await expect.poll(() => layerRanks(page)).toBe(0);
  await expect(heading(page)).toContainText('Attention on 2 ranks');
  await page.getByRole('textbox', { name: /^Tokens of this pass/ }).fill('2');
  await choose(page, 'Layer', 'Embedding');
  await expect(heading(page)).toContainText('Embedding on 2 ranks');
  await expectRight(page);
  await expect(page.locator('[data-stale]')).toHaveCount(0);
});

test('a phone does not scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [layer, words] of [
    ['attention', 'Attention on 4 ranks'],
    ['moe', 'Mixture of experts on 4 ranks'],
    ['block-sp', 'Sequence-parallel block on 4 ranks'],
  ] as const) {
    await openLayers(page, { layer });
    await expect(heading(page)).toContainText(words);
    await expectRight(page);
    const proof = page.locator('details', { has: verdict(page) });
    if ((await proof.getAttribute('open')) === null) await verdict(page).click();
    await expect(proof).toHaveAttribute('open');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
  await expectAccessible(page);
});

test('uneven shares and idle ranks are said plainly, and axe finds no violation, light and dark', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await openLayers(page, { preset: 'qwen2.5-0.5b', ranks: 3, open: 'q', at: 4 });
  const lead = page.locator('[data-part=lead]');
  await expect(lead).toContainText('7 or 0 query heads and 1 or 0 key/value heads');
  await expect(lead).toContainText('One rank has no head');
  await expectRight(page);
  await page.getByText('Adjust sizes').click();
  await verdict(page).click();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await idle(page);
  await expectAccessible(page, 'colours');
});
