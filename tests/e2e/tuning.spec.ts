/** Kernels on the Benchmark page: measured, kept, forgotten. */

import { expect } from '@playwright/test';
import { test } from './onePage.ts';
import { expectAccessible, watchErrors } from './page.ts';

test('tunes kernels at a click, keeps what is measured when stopped, and forgets it', async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto('./#/benchmark');
  const panel = page.getByRole('region', { name: 'Fastest kernels', exact: true });
  const tune = panel.getByRole('button', { name: 'Tune the kernels' });
  const measured = panel.getByRole('rowheader');
  await tune.click();
  await expect(measured.first()).toBeVisible({ timeout: 60_000 });
  await panel.getByRole('button', { name: 'Stop tuning' }).click();
  await expect(tune).toBeEnabled();
  const [first = ''] = await panel.getByRole('row').filter({ hasText: '512 × 512 × 512' }).allInnerTexts();
  expect(first).toMatch(/(registers|subgroup-\d+).*\d/s);
  await expect.poll(() => page.workers().length).toBe(0);
  await expectAccessible(page);
  await page.reload();
  await expect(panel.getByRole('row').filter({ hasText: '512 × 512 × 512' })).toHaveText(
    first.replaceAll('\t', ''),
  );
  await panel.getByRole('button', { name: 'Forget what was measured' }).click();
  await expect(measured).toHaveCount(0);
  await expect(tune).toBeFocused();
  await page.reload();
  await expect(panel.getByText('Nothing measured yet.')).toBeVisible();
  expect(errors).toEqual([]);
});
