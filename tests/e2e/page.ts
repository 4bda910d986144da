/** The Split page as a visitor sees it. */

import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import type axe from 'axe-core';
import type { RunOptions } from 'axe-core';

/** The shorter of its two, half of which it takes to parse the other. */
const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export interface Params {
  readonly [name: string]: string | number;
}

/**
 * Opens the page with these parameters and waits for its first run; on the CPU unless they say otherwise. What a page
 * shows is no matter of the device, and to compile for four of them in software is a third of the work of opening it.
 */
export async function open(page: Page, params: Params = {}): Promise<void> {
  const all = { device: 'cpu', ...params };
  const query = new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)]));
  await page.goto(`./#/split?${query}`);
  await expect(proof(page)).toBeVisible();
}

/** The line that says whether the run on the page was right. */
export function proof(page: Page): Locator {
  return page.locator('summary', { hasText: /Checked:|Wrong:/ });
}

export async function expectProof(page: Page, pass: boolean): Promise<void> {
  await expect(proof(page)).toHaveText(pass ? /Checked: largest error/ : /Wrong: largest error/);
}

export function heading(page: Page): Locator {
  return page.getByRole('heading', { level: 1 });
}

export function choose(page: Page, group: string, option: string): Promise<void> {
  return page
    .getByRole('group', { name: group, exact: true })
    .getByRole('radio', { name: option, exact: true })
    .check();
}

export function scrubber(page: Page): Locator {
  return page.getByRole('slider', { name: 'Moment of the run' });
}

/** Rank workers that live now. */
export function ranksAlive(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes('split.rank')).length;
}

/** Collects what a page must never do. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Of the file that was there before (onePage.ts): ours names its icon.
    if (message.location().url.endsWith('/favicon.ico')) return;
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  return errors;
}

/** Pastes into a field; says whether the page took the text, or left it to the browser, which here puts it nowhere. */
export function paste(field: Locator, text: string): Promise<boolean> {
  return field.evaluate((element, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    return !element.dispatchEvent(event);
  }, text);
}

/** Results of the Benchmark page that a reload would find. */
export function keptResults(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('ringside-bench');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const count = opening.result.transaction('results').objectStore('results').count();
          count.onsuccess = () => resolve(count.result);
        };
      }),
  );
}

/** The page has drawn what it had to draw, and its main thread has nothing to do. */
export function idle(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let i = 0; i < 3; i++) {
      await Promise.race([
        new Promise((resolve) => requestAnimationFrame(resolve)),
        new Promise((resolve) => setTimeout(resolve, 2000)), // a browser may draw no frame where nothing changes
      ]);
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 })); // which a busy browser may never call
    }
  });
}

/**
 * axe finds nothing wrong with the page as it is.
 * @param rules all, or those that look at colours
 */
export async function expectAccessible(page: Page, rules: 'all' | 'colours' = 'all'): Promise<void> {
  // In the page itself, and once: @axe-core/playwright carries all that it saw to a page of its own, for twice the time.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const options: RunOptions = {
    resultTypes: ['violations'], // only these are described, which for what passes takes longer than to find it
    ...(rules === 'colours' && { runOnly: ['color-contrast', 'link-in-text-block'] }),
  };
  const found = await page.evaluate(async (options) => {
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run(document, options);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, options);
  expect(found).toEqual([]);
  if (rules === 'all') expect(await wordsUndefined(page)).toEqual([]);
}

/** Words that a newcomer cannot know, that stand in a text of the page, and that it defines nowhere: not for a room. */
function wordsUndefined(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (location.hash.includes('present=1')) return [];
    const words =
      'rank|shard|partial|all-reduce|all-gather|reduce-scatter|chunk|GEMM|readback|tolerance|same bits';
    // What can be pressed cannot hold a word that can be; a picture says in words what it shows.
    const notText =
      'button, a, summary, legend, label, code, svg, .visually-hidden, [aria-hidden="true"], [data-part="scrubber"] span';
    const [used, defined] = [new Set<string>(), new Set<string>()];
    const main = document.getElementById('main') ?? document.body;
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const found = text.textContent?.match(new RegExp(`\\b(?:${words})(?=s?\\b)`, 'gi')) ?? [];
      const element = text.parentElement;
      if (found.length === 0 || element === null) continue;
      const of = element.closest('button[class*=term]') === null ? used : defined;
      const isText = element.closest(notText) === null;
      if (of === defined || (isText && element.checkVisibility({ visibilityProperty: true })))
        for (const word of found) of.add(word.toLowerCase());
    }
    return [...used].filter((word) => !defined.has(word));
  });
}

/** Drops a file; says whether the page took it, or the browser would have opened it. */
export async function drop(page: Page, name: string, content: string | number): Promise<boolean> {
  await heading(page).waitFor();
  return page.evaluate(
    ({ name, content }) => {
      const dataTransfer = new DataTransfer();
      const data = typeof content === 'string' ? content : new Uint8Array(content);
      dataTransfer.items.add(new File([data], name));
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      return !document.body.dispatchEvent(event); // what stands on it may be drawn anew meanwhile
    },
    { name, content },
  );
}

/** Words that are set smaller than `least` pixels on the screen, zoom and the scale of pictures included, with their size. */
export function wordsBelow(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const small: string[] = [];
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let word = words.nextNode(); word !== null; word = words.nextNode()) {
      const element = word.parentElement;
      const text = word.textContent?.trim() ?? '';
      if (element === null || text === '' || element.closest('.visually-hidden, dialog') !== null) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNode(word);
      const { width, bottom } = range.getBoundingClientRect();
      if (width < 1 || bottom <= 0) continue; // a skip link waits above the page
      const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
      const scale = matrix === null ? (element.currentCSSZoom ?? 1) : Math.hypot(matrix.a, matrix.b);
      const size = Number.parseFloat(getComputedStyle(element).fontSize) * scale;
      if (size < least - 0.05) small.push(`${text}: ${size.toFixed(1)}`);
    }
    return small;
  }, least);
}

/** Nothing is to be scrolled at 1280 × 720, once the page has been laid out for that window. */
export async function expectOneScreen(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollHeight - innerHeight))
    .toBeLessThanOrEqual(0);
}

/** What is done on a phone, which must not scroll sideways. */
export async function onPhone(page: Page, doing: () => Promise<void>): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await doing();
  // Pictures are laid out anew a frame later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 720 });
}
