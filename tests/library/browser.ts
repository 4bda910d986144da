/** Pages in a real browser, and what goes wrong in them. */

import { type Browser, chromium } from '@playwright/test';
import { browserArgs, findBrowser } from '../../tools/browser.mjs';

export function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  return chromium.launch({ args: browserArgs, ...(executablePath !== null && { executablePath }) });
}

/** What the page at `url` prints, once it does. @throws Error with what went wrong in it, where something did */
export async function printedBy(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  try {
    const trouble = new Promise<never>((_, reject) => {
      page.on('pageerror', (error) => reject(error));
      page.on('console', (message) => {
        if (message.type() === 'error') reject(new Error(`${url} said: ${message.text()}`));
      });
    });
    await page.goto(url);
    const printed = page.locator('pre').filter({ hasText: /\S/ });
    await Promise.race([printed.waitFor({ timeout: 45_000 }), trouble]);
    return await printed.innerText();
  } finally {
    await page.close();
  }
}
