/** Scrubbing, pointing, and what the address bar remembers. */

import { expect, type Page } from '@playwright/test';
import { test } from './onePage.ts';
import { choose, expectAccessible, expectProof, heading, open, proof, scrubber, wordsBelow } from './page.ts';

const readout = (page: Page) => page.getByRole('region', { name: 'The product' });
const currentLine = (page: Page) => page.getByRole('region', { name: 'The code' }).locator('[aria-current]');

/** "−0.412" as a number. */
const numberIn = (text: string): number => Number(text.replace('−', '-').replaceAll(',', ''));

test('the scrubber moves picture, ring and code together', async ({ page }) => {
  await open(page);
  await scrubber(page).focus();
  await page.keyboard.press('Home');
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', '0');
  await expect(currentLine(page).first()).toContainText('shard');
  await page.keyboard.press('ArrowRight');
  await expect(currentLine(page)).toContainText('F.linear(X, self.W)');
  for (let step = 1; step <= 6; step++) {
    await page.keyboard.press('ArrowRight');
    await expect(scrubber(page)).toHaveAttribute('aria-valuetext', new RegExp(`ring step ${step} of 6`));
    await expect(currentLine(page)).toContainText('dist.all_reduce(sum)');
    const ring = page.getByRole('region', { name: 'The ring' });
    await expect(ring).toContainText(step <= 3 ? /reduce-scatter/i : /all-gather/i);
    await expect(ring).toContainText('chunk');
  }
  await page.keyboard.press('ArrowRight');
  await expect(currentLine(page)).toContainText('sum + self.W_bias');
  await page.keyboard.press('End');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /done/);
});

test('a ring step shows real values: received plus own is what follows', async ({ page }) => {
  await open(page, { ranks: 3 });
  await scrubber(page).focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
  const rows = page.getByRole('region', { name: 'The ring' }).getByRole('row');
  const texts = await rows.allInnerTexts();
  const sums = texts.flatMap((text) => {
    const [, own, received, after] = /(−?[\d.]+)\s*\+\s*(−?[\d.]+)\s*(?:→|=)\s*(−?[\d.]+)/.exec(text) ?? [];
    return own && received && after ? [[own, received, after].map(numberIn)] : [];
  });
  expect(sums).toHaveLength(3);
  for (const [own = 0, received = 0, after = 0] of sums)
    expect(Math.abs(own + received - after)).toBeLessThan(0.002);
});

test('play goes through all moments and stops at the end', async ({ page }) => {
  await open(page, { ranks: 2 });
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', '0');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /done/);
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('pointing at a cell, by mouse or key, shows its terms in the order of addition, and they add up', async ({
  page,
}) => {
  await open(page);
  const box = await page.getByRole('gridcell').boundingBox();
  if (box === null) throw new Error('no cell');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(readout(page)).toContainText('Y[0, 0] =');
  await page.mouse.move(0, 0);
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(readout(page)).toContainText('Y[1, 1] =');
  const line = await readout(page).locator('p', { hasText: 'Y[1, 1] =' }).innerText();
  const numbers = (line.match(/−?\d+\.\d+/g) ?? []).map(numberIn);
  const result = numbers.pop() ?? Number.NaN;
  expect(numbers).toHaveLength(5); // four terms and the bias
  expect(Math.abs(numbers.reduce((sum, term) => sum + term, 0) - result)).toBeLessThan(0.005);
  await expect(readout(page)).toContainText('In float64 it is');

  // Its sum grows with the moments, and ends as what it was.
  await scrubber(page).press('Home');
  await expect(readout(page)).toContainText('No rank has a term of it yet.');
  for (const [key, words] of [
    ['ArrowRight', 'Each rank has its own term of it.'],
    ['ArrowRight', 'has 2 of 4 terms in its sum.'],
    ['ArrowRight', 'has 3 of 4 terms in its sum.'],
    ['ArrowRight', 'The sum of all terms is on rank'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(readout(page)).toContainText(words);
    const soFar = /= (−?[\d.]+) so far/.exec(await readout(page).innerText())?.[1] ?? '';
    const shown = readout(page)
      .locator('p', { hasText: 'Y[1, 1] =' })
      .locator('span[class*=term]:not([data-ahead])');
    const added = (await shown.allInnerTexts()).map((text) => numberIn(/−?\d+\.\d+/.exec(text)?.[0] ?? ''));
    expect(Math.abs(added.reduce((sum, term) => sum + term, 0) - numberIn(soFar))).toBeLessThan(0.005);
  }
  await expect(page.getByRole('region', { name: 'The ring' })).toContainText('in which Y[1, 1] travels');
  await page.keyboard.press('End');
  await expect(readout(page)).toContainText('In float64 it is');
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('Escape');
  await expect(readout(page)).toContainText('Point at a cell of Y');
});

test('large matrices are drawn in blocks, and a block has real numbers', async ({ page }) => {
  await open(page, { split: 'row', m: 96, k: 512, n: 192 });
  await page.getByRole('gridcell').focus();
  await page.keyboard.press('ArrowRight');
  await expect(readout(page)).toContainText('The element in the middle of this block');
  await expect(readout(page)).toContainText('In float64 it is');
});

test('everything is in the URL, and reloading gives it back', async ({ page }) => {
  await open(page);
  await choose(page, 'Split', 'Column');
  await choose(page, 'Ranks', '3');
  await page.getByRole('textbox', { name: /^N, / }).fill('9');
  await page.keyboard.press('Enter');
  await page.getByRole('switch', { name: 'Bias', exact: true }).click();
  await page.getByRole('switch', { name: /^Stored weight/ }).click();
  await expect(heading(page)).toContainText('Column split on 3 ranks');
  await expect(page).toHaveURL(/split=column/);
  await expect(page).toHaveURL(/ranks=3/);
  await expect(page).toHaveURL(/n=9/);
  await expect(page).toHaveURL(/bias=0/);
  await expect(page).toHaveURL(/stored=1/);
  const url = page.url();
  const words = await heading(page).innerText();
  await page.reload();
  await expect(proof(page)).toBeVisible();
  await expect(heading(page)).toHaveText(words);
  expect(page.url()).toBe(url);
  await expect(page.getByRole('switch', { name: 'Bias', exact: true })).not.toBeChecked();
  await expectProof(page, true);
});

test('back undoes a change, forward redoes it', async ({ page }) => {
  await open(page);
  await choose(page, 'Split', 'Pair');
  await expect(heading(page)).not.toContainText('Row split');
  const after = await heading(page).innerText();
  await expect(page).toHaveURL(/split=pair/); // a change is written, and a step of history, a moment later
  await page.goBack();
  await expect(heading(page)).toContainText('Row split on 4 ranks');
  await page.goForward();
  await expect(heading(page)).toHaveText(after);

  // A key that is held, from 4 over 5 to 7 ranks, is one step.
  await page.reload();
  await expect(proof(page)).toBeVisible();
  await page.getByRole('radio', { name: '4', exact: true }).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect(heading(page)).toContainText('on 7 ranks');
  await expect(page).toHaveURL(/ranks=7/);
  await page.goBack();
  await expect(heading(page)).toHaveText(after);

  // And a click beside the picture takes no key away.
  await page.getByRole('region', { name: 'The product' }).click({ position: { x: 400, y: 20 } });
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/at=\d/);
});

test('the header leads back to where a page was left', async ({ page }) => {
  const header = page.getByRole('banner');
  const go = (name: string) => header.getByRole('link', { name, exact: true }).click();
  await open(page);
  await expect(page).toHaveTitle('Split · Ringside');
  await expect(header.getByRole('link', { name: 'Layers' })).toHaveAttribute('href', '#/layers');
  await page.getByRole('region', { name: 'The ranks', exact: true }).scrollIntoViewIfNeeded();
  const scrolled = await page.evaluate(() => scrollY);
  expect(scrolled).toBeGreaterThan(100);

  await choose(page, 'Ranks', '3');
  await go('Layers'); // before the address says so
  await expect(page).toHaveTitle('Layers · Ringside');
  await expect(page.getByRole('main')).toBeFocused();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await choose(page, 'Ranks', '2');
  await expect(page).toHaveURL(/layers\?ranks=2/);

  await go('Benchmark');
  await expect(page).toHaveURL(/#\/benchmark$/);
  const eight = page.getByRole('group', { name: 'Ranks', exact: true }).getByRole('checkbox', { name: '8' });
  await eight.check();
  await go('Ringside');
  await expect(heading(page)).toContainText('3 ranks');
  await expect(page).toHaveURL(/split\?ranks=3&device=cpu$/);
  await expectProof(page, true);
  await go('Layers');
  await expect(page).toHaveURL(/layers\?ranks=2$/);
  await expect(heading(page)).toContainText('2 ranks');
  await go('Benchmark');
  await expect(eight).toBeChecked();

  // Back through them all, and through what was changed on each, to Split as it was left.
  for (const name of ['Layers', 'Split', 'Benchmark', 'Benchmark', 'Layers', 'Layers', 'Split']) {
    await page.goBack();
    await expect(page).toHaveTitle(`${name} · Ringside`);
  }
  await expect(heading(page)).toContainText('3 ranks');
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
});

test('the focus stays where a button was', async ({ page }) => {
  await open(page);
  await page.getByRole('gridcell').focus();
  await page.getByRole('button', { name: 'Clear' }).focus();
  await page.keyboard.press('Enter');
  await expect(readout(page)).toContainText('Point at a cell of Y');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toMatch(/^Point at a cell of Y/);

  await page.goto(
    './#/benchmark?suite=collectives&ops=all_reduce&device=cpu&ranks=2&sizes=4,4KiB&budget=20s',
  );
  await page.getByRole('button', { name: /^Run 2 cells/ }).press('Enter');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect(page.getByRole('button', { name: /^Run 2 cells/ })).toBeFocused();
  const rename = page.getByRole('button', { name: /^Rename/ });
  for (const [key, name] of [
    ['Escape', 'Collectives'],
    ['Enter', 'Mine'],
  ] as const) {
    await rename.press('Enter');
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('Mine');
    await page.keyboard.press(key);
    await expect(rename).toBeFocused();
    await expect(rename).toHaveAccessibleName(`Rename ${name}`);
  }
});

test('the link that is copied opens the same run', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, { split: 'pair', ranks: 2, seed: 7 });
  await page.getByRole('button', { name: 'Copy link' }).click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain('#/split?');
  const link = await copied();
  const other = await context.newPage();
  await other.goto(link);
  await expect(proof(other)).toBeVisible();
  expect(await heading(other).innerText()).toBe(await heading(page).innerText());
  await expect(other.getByText('seed 7')).toBeVisible();
});

test('for a room, no word is smaller than 20 px, of however many ranks', async ({ page }) => {
  const looks = [
    ['split?split=row&ranks=8', /^Row split on 8 ranks/],
    ['split?split=pair&ranks=8', /^Column, then row on 8 ranks/],
    ['layers?layer=block&ranks=8', /8 ranks/],
  ] as const;
  for (const [hash, title] of looks) {
    await page.goto(`./#/${hash}&device=cpu&present=1`);
    await expect(heading(page)).toHaveText(title);
    for (const back of [0, 6]) {
      for (let i = 0; i < back; i++) await page.keyboard.press('PageUp');
      for (const [width, height] of [
        [1280, 720],
        [2560, 1440],
      ] as const) {
        await page.setViewportSize({ width, height });
        const over = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
        await expect.poll(over, `${hash} at ${width}`).toBeLessThanOrEqual(0);
        expect(await wordsBelow(page, 20), `${hash} at ${width}`).toEqual([]);
      }
    }
  }
  await expectAccessible(page);
});
