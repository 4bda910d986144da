/**
 * Tests that take turns on one page of their worker, in place of a page and a browser context each: Playwright's `test`,
 * with another `page` and `context`. A page of its own costs a renderer's start and all code compiled anew, 3.7 s of
 * processor by one measurement; a document in a renderer that had one before it, 2.2 s.
 *
 * Each test finds a new document, empty storage and no ranks, which is asserted. What a test does to the page beside that
 * and cannot be taken back from here is for the test to take back (an init script), or for Playwright's own page, and so
 * is what a page is made with (touch). After a test that failed Playwright starts another worker, and so another page.
 */

import { test as base, expect, type Page } from '@playwright/test';

/** A file of our origin, and no page: a document that comes after it is loaded, where a hash alone would be followed. */
const NO_PAGE = './coi-serviceworker.min.js';

export const test = base.extend<object, { onePage: Page }>({
  onePage: [
    async ({ browser }, use, { project }) => {
      const { contextOptions, baseURL = '' } = project.use;
      const context = await browser.newContext({ ...contextOptions, baseURL });
      await use(await context.newPage());
      await context.close();
    },
    { scope: 'worker' },
  ],

  context: async ({ onePage }, use) => {
    await use(onePage.context());
  },

  page: async ({ onePage, context, viewport, colorScheme, contextOptions, hasTouch }, use) => {
    expect(hasTouch, 'a page is made with touch or without: take Playwright’s').toBe(false);
    if (viewport !== null) await onePage.setViewportSize(viewport);
    const { reducedMotion = null, forcedColors = null } = contextOptions;
    await onePage.emulateMedia({ colorScheme, reducedMotion, forcedColors });
    await leave(onePage);
    await forget(onePage);
    await use(onePage);
    for (const event of ['console', 'dialog', 'pageerror', 'request', 'response'] as const) {
      onePage.removeAllListeners(event);
    }
    await onePage.unrouteAll({ behavior: 'ignoreErrors' });
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.clearPermissions();
    for (const page of context.pages()) if (page !== onePage) await page.close();
    await leave(onePage);
  },
});

/** Ends the document, so that a link which is opened next is loaded as by a stranger; the renderer stays. */
export async function leave(page: Page): Promise<void> {
  await page.goto(NO_PAGE);
}

/** Empties all that an origin can store. */
async function forget(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
  const left = await page.evaluate(async () => {
    sessionStorage.clear(); // which is the tab's, and no matter of the origin
    const files = await navigator.storage.getDirectory();
    const names = [...Object.keys(localStorage), ...(await caches.keys())];
    for (const { name } of await indexedDB.databases()) names.push(name ?? '');
    for await (const name of files.keys()) names.push(name);
    return names;
  });
  expect([...left, ...page.workers().map((worker) => worker.url())]).toEqual([]);
}
