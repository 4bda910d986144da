/** Without a mouse, without sight of colours, on a phone. */

import { expect, type Locator, type Page } from '@playwright/test';
import { openLayers } from './layersPage.ts';
import { leave, test } from './onePage.ts';
import { choose, expectAccessible, expectProof, heading, idle, open, scrubber, wordsBelow } from './page.ts';

/** Parameters, and how the headline begins. */
const LOOKS = {
  'a row split': [{ split: 'row' }, 'Row split'],
  'a column split of weights as stored': [{ split: 'column', stored: 1 }, 'Column split'],
  'a pair with the bias on every rank': [{ split: 'pair', biasOnEveryRank: 1 }, 'Column, then row'],
  'no split on eight ranks': [{ split: 'none', ranks: 8 }, 'No split'],
} as const;

test('axe finds no violation in any split, nor in what cannot run, light and dark, wide and narrow', async ({
  page,
}) => {
  test.setTimeout(360_000); // axe goes through a page for seconds, twenty times
  for (const [look, [params, words]] of Object.entries(LOOKS)) {
    await test.step(look, async () => {
      await open(page, params);
      await expect(heading(page)).toContainText(words);
      await expectAccessibleEverywhere(page);
    });
  }
  await test.step('what cannot run', async () => {
    await leave(page);
    await page.goto('./#/split?m=0');
    await expect(page.getByRole('alert')).toBeVisible();
    await expectAccessibleEverywhere(page);
  });
});

async function expectAccessibleEverywhere(page: Page): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    // In the dark only colours are others.
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await idle(page);
      await expectAccessible(page, colorScheme === 'dark' ? 'colours' : 'all');
    }
  }
}

test('no word is too small to be read, on a desk or on a phone', async ({ page }) => {
  await open(page, { split: 'pair' });
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await scrubber(page).press(key); // chunks have labels
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await idle(page);
    expect(await wordsBelow(page, 11), `split, ${width}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await openLayers(page);
  expect(await wordsBelow(page, 11), 'layers').toEqual([]);
});

test('axe finds no violation while a cell is pointed at and a ring step is shown', async ({ page }) => {
  await open(page);
  await page.getByRole('gridcell').focus();
  await scrubber(page).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
  await expectAccessible(page);
});

test('nothing is lost where the system has colours of its own', async ({ page }) => {
  // Those of a dark system, while the page was told to be light.
  const told = await page.addInitScript(() => localStorage.setItem('ringside-theme', 'light'));
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark', reducedMotion: 'reduce' });
  const styleOf = (locator: Locator, property: string) =>
    locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

  await open(page, { at: 4 });
  const ground = await styleOf(page.locator('body'), 'background-color');
  const ink = await styleOf(page.locator('body'), 'color');
  expect([ground, ink]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  const box = page.getByRole('region', { name: 'The ring' }).locator('g', { hasText: 'rank 0' }).last();
  expect(await styleOf(box.locator('rect').first(), 'fill')).toBe(ground);
  expect(await styleOf(box.locator('text').first(), 'fill')).toBe(ink);
  const badge = page.getByRole('region', { name: 'The ranks' }).locator('.badge').first();
  expect(await styleOf(badge, 'background-color')).toBe(ink);
  expect(await styleOf(badge, 'color')).toBe(ground);
  const swatches = page.getByRole('region', { name: 'Where the time went' }).locator('li i');
  const fills = await swatches.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  expect(new Set(fills).size).toBeGreaterThanOrEqual(5);

  await openLayers(page, { layer: 'moe', ranks: 2 });
  const flow = page.getByRole('region', { name: 'The flow' });
  const expert = flow.getByRole('button', { name: /^Wup/ }).first();
  expect(await styleOf(expert.locator('i'), 'background-image')).toContain('linear-gradient');
  const tensor = flow.getByRole('button', { name: /^xe/ }).first();
  expect(await styleOf(tensor, 'background-color')).not.toBe(ground);
  expect(await styleOf(tensor, 'color')).toBe(ink);
  await told.dispose();
});

test('a phone does not scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const split of ['row', 'column', 'pair', 'none']) {
    await open(page, { split });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
});

test('on a phone one stage is swiped, and turns to where the moment is, unless one looks elsewhere', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  const names = page.getByRole('group', { name: 'Parts of the product' });
  const shown = (name: string) =>
    expect(names.getByRole('button', { name, exact: true })).toHaveAttribute('aria-current', 'true');
  await shown('Y');
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(2200);
  await scrubber(page).press('Home');
  for (const name of ['X · W', 'Partials', 'Ring']) {
    await shown(name);
    await page.keyboard.press('ArrowRight');
  }
  await expectAccessible(page);

  // Who has gone to another card stays there, and follows again from where it happens.
  await names.getByRole('button', { name: 'Partials' }).click();
  await shown('Partials');
  await scrubber(page).press('End');
  await shown('Partials');
  const cards = page.getByRole('region', { name: 'Parts of the product, side by side' });
  await cards.press('ArrowRight');
  await shown('Ring');
  // The stage comes to be as high as the card in sight, and the ring needs more than Y.
  const heightOf = (part: Locator) => part.evaluate(({ clientHeight }) => clientHeight);
  const ring = await heightOf(page.getByRole('region', { name: 'The ring' }));
  await expect.poll(() => heightOf(cards)).toBe(ring);
  await names.getByRole('button', { name: 'Y', exact: true }).click();
  await shown('Y');
  const y = await heightOf(page.getByRole('region', { name: 'The equation: Y', exact: true }));
  expect(y).toBeLessThan(ring);
  await expect.poll(() => heightOf(cards)).toBe(y);
  await page.getByRole('gridcell').press('ArrowDown');
  await expect(page.getByText('Y[1, 0] =')).toBeVisible();
  await scrubber(page).press('Home');
  await shown('X · W');
});

test('everything can be reached and done with the keyboard alone', async ({ page }) => {
  await open(page);
  const reached = new Set<string>();
  await page.evaluate(() => document.body.focus());
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return '';
      const style = getComputedStyle(element);
      const hidden =
        element instanceof HTMLInputElement && element.type !== 'range' && element.type !== 'text';
      const outlined = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || hidden;
      return `${element.getAttribute('role') ?? element.tagName.toLowerCase()}${outlined ? '' : ' without visible focus'}`;
    });
    reached.add(name);
  }
  expect([...reached].filter((name) => name.includes('without'))).toEqual([]);
  for (const needed of ['gridcell', 'slider', 'input', 'button', 'summary'])
    expect([...reached]).toContain(needed);

  // Choose a split, a number of ranks and a size.
  await page.getByRole('radio', { name: 'Row', exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(heading(page)).toContainText('Column split');
  await page.getByRole('radio', { name: '4', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(heading(page)).toContainText('5 ranks');
  await page.getByRole('slider', { name: /^M / }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/m=9/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expectProof(page, true);
});

test('the theme can be chosen, and is remembered', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: /dark theme/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await choose(page, 'Split', 'None');
  await expectProof(page, true);
});
