/** The Model page, for the tests of it. */

import { expect, type Locator, type Page } from '@playwright/test';

/** Opens it with these parameters; on the CPU and two ranks unless they say otherwise. */
export async function open(page: Page, params: Record<string, string | number> = {}): Promise<void> {
  const all = { device: 'cpu', ranks: 2, ...params };
  const query = new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)]));
  await page.goto(`./#/model?${query}`);
}

export const tokens = (page: Page): Locator =>
  page.getByRole('listbox', { name: 'Tokens that the model wrote' });
export const done = (page: Page): Promise<void> =>
  expect(page.getByText(/^as many tokens as were asked for$|the model said that it is done/)).toBeVisible();
/** Ranks that have the model, and its text worker. */
export const workersOf = (page: Page): number[] =>
  ['model.rank', 'text.worker'].map(
    (script) => page.workers().filter((worker) => worker.url().includes(script)).length,
  );
export const proof = (page: Page): Locator => page.locator('summary', { hasText: /^. Checked:|^. Wrong:/ });
