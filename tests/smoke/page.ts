/** The pages as a visitor sees them, read through a driver. */

import { expect } from 'vitest';
import type { Driver, Key } from './driver.ts';

/** Software WebGPU compiles a pipeline in seconds, and cores may be few. */
export const PATIENCE = { timeout: 40_000, interval: 50 };

/** Runs a function in the page. It goes there as text, so it may use nothing but its argument and the page. */
export async function ask<Result, Value = undefined>(
  driver: Driver,
  read: (value: Value) => Result,
  value?: Value,
): Promise<Result> {
  return (await driver.evaluate(`(${read})(${JSON.stringify(value)})`)) as Result;
}

/** Waits until one of these elements says so. */
export async function expectText(driver: Driver, selector: string, text: RegExp): Promise<void> {
  const read = () =>
    ask(
      driver,
      (wanted: string) => [...document.querySelectorAll(wanted)].map(({ textContent }) => textContent),
      selector,
    );
  await expect.poll(read, PATIENCE).toContainEqual(expect.stringMatching(text));
}

export async function expectHash(driver: Driver, hash: RegExp): Promise<void> {
  await expect.poll(() => ask(driver, () => location.hash), PATIENCE).toMatch(hash);
}

/** What a link has to bring back. */
export function stateOf(driver: Driver): Promise<object> {
  return ask(driver, () => ({
    hash: location.hash,
    heading: document.querySelector('h1')?.textContent,
    lead: document.querySelector('[data-part=lead]')?.textContent,
    chosen: [...document.querySelectorAll('input')].map(({ type, value, checked }) =>
      type === 'radio' || type === 'checkbox' ? checked : value,
    ),
    moment: document.querySelector('[role=slider]')?.getAttribute('aria-valuetext'),
    cell: document.querySelector('[role=gridcell]')?.getAttribute('aria-label'),
  }));
}

/** Goes on by Tab until the focus is on what has this name, as a visitor without a mouse does. */
export async function tabTo(driver: Driver, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < 60; stops++) {
    await driver.press('Tab');
    const here = await ask(driver, () => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '';
    });
    if (name.test(here)) return;
    passed.push(here.slice(0, 30));
  }
  throw new Error(`Tab did not come to ${name}, only to ${passed.join(' | ')}.`);
}

export async function press(driver: Driver, ...keys: readonly Key[]): Promise<void> {
  for (const key of keys) await driver.press(key);
}
