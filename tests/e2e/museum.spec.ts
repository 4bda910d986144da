/** The bug museum: the wrong programs, run for real, and the checks that catch them. */

import { expect } from '@playwright/test';
import { test } from './onePage.ts';
import { expectAccessible, onPhone } from './page.ts';

test('each bug of the museum is caught as it was shipped, and right as it was mended', async ({ page }) => {
  await page.goto('./#/museum?device=cpu');
  const status = page.getByRole('status');
  const bugs = page.getByRole('group', { name: 'Bug' }).getByRole('radio');
  await expect(bugs).toHaveCount(13);
  for (const bug of (await bugs.all()).slice(0, -1)) {
    await bug.check();
    await expect(status).toContainText('Caught on');
    await page.getByRole('switch', { name: 'Mended' }).check();
    await expect(status).toContainText('Right on every rank');
  }
  await expect(page).toHaveURL(/bug=window&mended=1/);
  await expectAccessible(page);
  await page.getByRole('switch', { name: 'Mended' }).uncheck();
  await expect(status).toContainText('Caught on rank 1:');

  // And what is no bug: nothing to mend.
  await bugs.last().check();
  await expect(status).toContainText(/On 8 ranks, in float32 \d+ % of the sums/);
  await expect(page.getByRole('switch', { name: 'Mended' })).toHaveCount(0);
  await expect(page.getByRole('row')).toHaveCount(13);
  await expectAccessible(page);
  await onPhone(page, async () => {});
});
