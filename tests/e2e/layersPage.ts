/** The Layers page as a visitor sees it. */

import { expect, type Locator, type Page } from '@playwright/test';
import type { Params } from './page.ts';

/** Opens the page with these parameters and waits for its first run; on the CPU unless they say otherwise. */
export async function openLayers(page: Page, params: Params = {}): Promise<void> {
  const all = { device: 'cpu', ...params };
  const query = new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)]));
  await page.goto(`./#/layers?${query}`);
  await expect(verdict(page)).toBeVisible();
}

/** The line that puts prediction and measurement beside each other. */
export function verdict(page: Page): Locator {
  return page.locator('summary', { hasText: /Predicted .*, measured / });
}

/** Everything was as planned, and right. */
export async function expectRight(page: Page): Promise<void> {
  await expect(verdict(page)).toContainText('✓ Predicted');
  await expect(verdict(page)).toContainText(/equals the unsplit layer (exactly|within \d)/);
}

/** The box of the flow that begins with these words. */
export function box(page: Page, label: RegExp): Locator {
  return page.getByRole('region', { name: 'The flow' }).getByRole('button', { name: label });
}

/** Rank workers of the Layers page that live now. */
export function layerRanks(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes('layer.rank')).length;
}
