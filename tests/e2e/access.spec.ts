/** Without a mouse, without sight of colours, on a phone. */

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { choose, expectProof, heading, open, scrubber } from './page.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds no violation at ${width} px, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      for (const params of [
        { split: 'row' },
        { split: 'column', stored: 1 },
        { split: 'pair', biasOnEveryRank: 1 },
        { split: 'none', ranks: 8 },
        { split: 'row', m: 0 },
      ]) {
        await page.goto('about:blank');
        if (params.m === 0) {
          await page.goto('./#/split?m=0');
          await expect(page.getByRole('alert')).toBeVisible();
        } else await open(page, params);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
        ).toEqual([]);
      }
    });
  }
}

test('axe finds no violation while a cell is pointed at and a ring step is shown', async ({ page }) => {
  await open(page);
  await page.getByRole('gridcell').focus();
  await scrubber(page).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
});

test('a phone does not scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const split of ['row', 'column', 'pair', 'none']) {
    await open(page, { split });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
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
