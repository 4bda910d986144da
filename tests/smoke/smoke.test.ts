/** What has to work in every engine, said once: the pages, their proofs, their links, and the keyboard. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { storiesReference } from '../stories.ts';
import type { Browser, Driver, Missing } from './driver.ts';
import { ask, expectHash, expectText, PATIENCE, press, stateOf, tabTo } from './page.ts';
import { openChromium, openFirefox, openFirefoxWithWebGpu } from './puppeteer.ts';
import { type Site, serveSite } from './site.ts';
import { openWebKit } from './webkit.ts';

const BROWSERS: readonly Browser[] = [
  { name: 'Chromium', device: 'webgpu', open: openChromium },
  { name: 'Firefox', device: 'cpu', open: openFirefox },
  { name: 'Firefox with WebGPU', device: 'webgpu', open: openFirefoxWithWebGpu },
  { name: 'WebKit', device: 'cpu', open: openWebKit },
];

let site: Site;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site.close());

for (const { name, device, open } of BROWSERS)
  describe(name, () => {
    let opened: Driver | Missing;
    beforeAll(async () => {
      opened = await open(site.url).catch((cause) => ({ missing: `${name} did not start: ${cause}` }));
    });
    afterAll(async () => {
      if (!('missing' in opened)) await opened.close();
    });
    afterEach(() => {
      expect(site.takeErrors()).toEqual([]);
    });

    /** A proposition about the browser; skipped, with the reason, where it is missing. */
    const holds = (words: string, proposition: (driver: Driver) => Promise<void>): void =>
      test(words, async ({ skip }) => {
        if ('missing' in opened) return skip(opened.missing);
        await proposition(opened);
      });

    const at = (hash: string) => `${site.url}#/${hash}`;
    const chip = device === 'cpu' ? /^CPU/ : /^WebGPU/;

    holds('opens on a run that is finished and right', async (driver) => {
      await driver.goto(site.url);
      await expectText(driver, 'summary', /Checked: largest error/);
      await expectText(driver, 'h1', /Row split on 4 ranks: four partial products, one all-reduce/);
      await expectText(driver, 'header .chip', chip);
      expect(await ask(driver, () => crossOriginIsolated)).toBe(true);
    });

    holds('runs a layer as predicted', async (driver) => {
      await driver.goto(at('layers?layer=block&ranks=2'));
      await expectText(driver, 'summary', /✓ Predicted .* equals the unsplit layer (exactly|within \d)/);
      await expectText(driver, 'header .chip', chip);
    });

    holds('has the ranks answer the questions of the story', async (driver) => {
      // All nine in the engine and on the device that the tests of the story have not; else one.
      const [first, last] = name === 'Firefox' ? [1, 9] : [3, 3];
      await driver.goto(at(`story?chapter=${first}`));
      for (let chapter = first; chapter <= last; chapter++) {
        await expectText(driver, 'article p', new RegExp(`^Chapter ${chapter} `));
        await expectText(driver, 'form button', /Run it on the ranks/);
        await ask(driver, predict);
        // The form goes once the ranks have answered.
        await expect.poll(() => ask(driver, submit), PATIENCE).toBe(true);
        await expectText(driver, 'table', chapter === 3 ? /✓ Right.*Y’s cell/ : /Right|Not quite/);
        await ask(driver, () =>
          document.querySelector<HTMLElement>('article button[class*=primary]')?.click(),
        );
      }
    });

    holds('catches a bug of the museum, and plans a model', async (driver) => {
      await driver.goto(at(`museum?device=${device}`));
      await expectText(driver, 'article [role=status]', /^✗ Caught on every rank/);
      await ask(driver, () => {
        location.hash = '#/plan?model=Qwen/Qwen2.5-0.5B';
      });
      await expectText(driver, 'main', /494 M/);
    });

    holds('measures cells of each suite, with nothing wrong', async (driver) => {
      const options = `ops=all_reduce,row_linear&device=${device}&ranks=2&sizes=4KiB&shapes=4x32x48&budget=10ms`;
      await driver.goto(at(`benchmark?suite=collectives,layers&${options}`));
      await tabTo(driver, /^Run 2 cells/);
      await driver.press('Enter');
      await expectText(driver, 'summary', /2 cells, 0 wrong/);
      await expectText(driver, 'header .chip', device === 'cpu' ? /^\d+ cores/ : /^WebGPU/);
    });

    // In Chromium the device tests have them all.
    if (name === 'Firefox with WebGPU')
      holds('multiplies by each kind of kernel, and by packed weights', async (driver) => {
        const options =
          'kernels=registers,few-rows,tiles-32,tiles-128&weights=f16,q4&shapes=67x96x68,3x96x68';
        await driver.goto(at(`benchmark?suite=gemm&device=webgpu&ranks=1&${options}&budget=10ms`));
        await expectText(driver, 'button', /^Run 14 cells/);
        await ask(driver, () =>
          [...document.querySelectorAll('button')].find((one) => /^Run/.test(one.textContent ?? ''))?.click(),
        );
        await expectText(driver, 'summary', /14 cells, 0 wrong(?!.*did not run)/);
      });

    holds('writes what PyTorch wrote', async (driver) => {
      const { prompt, text, count } = storiesReference(24);
      const query = new URLSearchParams({ device, ranks: '2', temperature: '0', tokens: `${count}`, prompt });
      await driver.goto(at(`model?${query}`));
      await expectText(driver, 'summary', new RegExp(`Checked: ${count} tokens`));
      const written = () => ask(driver, () => document.querySelector('[role=listbox]')?.textContent);
      await expect.poll(written, PATIENCE).toBe(text);
      await expectText(driver, 'header .chip', chip);
    });

    holds('comes back by its link as it was left', async (driver) => {
      await driver.goto(at(`split?split=pair&ranks=3&seed=7&at=2&cell=1,4&device=${device}`));
      await expectText(driver, 'summary', /Checked: largest error/);
      await tabTo(driver, /^Moment of the run$/);
      await press(driver, 'ArrowRight');
      await expectHash(driver, /at=3/);
      const left = await stateOf(driver);
      await driver.goto(await ask(driver, () => location.href));
      await expectText(driver, 'summary', /Checked: largest error/);
      await expect.poll(() => stateOf(driver), PATIENCE).toEqual(left);
      await driver.reload();
      await expectText(driver, 'summary', /Checked: largest error/);
      await expect.poll(() => stateOf(driver), PATIENCE).toEqual(left);
    });

    holds('is worked with the keyboard alone', async (driver) => {
      await driver.goto(at(`layers?device=${device}`));
      await tabTo(driver, /^Split$/);
      await press(driver, 'Enter');
      await expectText(driver, 'summary', /Checked: largest error/);
      await tabTo(driver, /^Row$/);
      await press(driver, 'ArrowLeft');
      await expectText(driver, 'h1', /^Column split/);
      await tabTo(driver, /^4$/);
      await press(driver, 'ArrowRight');
      await expectText(driver, 'h1', /5 ranks/);
      await tabTo(driver, /^M /);
      await press(driver, 'ArrowRight');
      await expectHash(driver, /m=9/);
      await expectText(driver, 'summary', /Checked: largest error/);
      await tabTo(driver, /^Moment of the run$/);
      await press(driver, 'Home', 'ArrowRight');
      await expectHash(driver, /at=1/);
      await press(driver, '?');
      await expectText(driver, 'dialog[open]', /./);
      await press(driver, 'Escape');
      await expect
        .poll(() => ask(driver, () => document.querySelector('dialog[open]') === null), PATIENCE)
        .toBe(true);
    });
  });

/** Predicts something in the chapter that is open, and the last of what there is to choose. */
function predict(): void {
  const article = document.querySelector('article');
  for (const field of article?.querySelectorAll<HTMLInputElement>('input[inputmode=numeric]') ?? []) {
    // As a person types: React looks at what its own setter did not.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, '6');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  for (const group of article?.querySelectorAll('fieldset') ?? []) {
    [...group.querySelectorAll<HTMLInputElement>('input[type=radio]')].at(-1)?.click();
  }
}

/** Whether there is nothing to submit any more. */
function submit(): boolean {
  const button = document.querySelector<HTMLButtonElement>('form button[type=submit]');
  button?.click();
  return button === null;
}
