/** Chromium over the DevTools protocol and Firefox over WebDriver BiDi: neither needs a driver of its own. */

import { existsSync } from 'node:fs';
import { type LaunchOptions, launch } from 'puppeteer-core';
import { browserArgs, findBrowser } from '../../tools/browser.mjs';
import type { Driver, Missing } from './driver.ts';

/** WebGPU is behind these in Firefox for Linux, in workers too, and its blocklist knows no software adapter. */
const WEBGPU_PREFS = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

const FIREFOX_PLACES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

export async function openChromium(): Promise<Driver | Missing> {
  const executablePath = findBrowser();
  if (executablePath === null) return { missing: 'Chromium was not found: `npm test` installs it.' };
  return drive({ browser: 'chrome', executablePath, args: browserArgs });
}

/** With WebGPU switched off, as Firefox for Linux comes. */
export function openFirefox(): Promise<Driver | Missing> {
  return firefox({ 'dom.webgpu.enabled': false });
}

/** With WebGPU, on whatever adapter the machine has. */
export async function openFirefoxWithWebGpu(site: string): Promise<Driver | Missing> {
  const driver = await firefox(WEBGPU_PREFS);
  if ('missing' in driver) return driver;
  await driver.goto(`${site}favicon.svg`); // WebGPU wants an origin
  if (await driver.evaluate('navigator.gpu.requestAdapter().then((adapter) => adapter !== null)'))
    return driver;
  await driver.close();
  return { missing: 'Firefox found no WebGPU adapter: install mesa-vulkan-drivers.' };
}

async function firefox(extraPrefsFirefox: Record<string, boolean>): Promise<Driver | Missing> {
  const executablePath = process.env['FIREFOX_PATH'] ?? FIREFOX_PLACES.find(existsSync);
  if (executablePath === undefined) {
    return { missing: 'Firefox was not found: install firefox-esr, or set FIREFOX_PATH to its program.' };
  }
  return drive({ browser: 'firefox', executablePath, extraPrefsFirefox });
}

async function drive(options: LaunchOptions): Promise<Driver> {
  const browser = await launch(options);
  const page = await browser.newPage(); // in Firefox, the page that is there at first never gets the focus
  await page.setViewport({ width: 1440, height: 900 });
  return {
    async goto(url) {
      await page.goto('about:blank');
      await page.goto(url);
    },
    reload: async () => void (await page.reload()),
    evaluate: (expression) => page.evaluate(expression),
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}
