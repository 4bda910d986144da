/**
 * Timings that are promised. What takes long for a visitor takes long each time, and what else the machine does can only
 * add to it: where a test looks at the clock, the quickest of up to three tries counts.
 */

import { expect, type Locator, type Page, test } from '@playwright/test';
import { largeTokenizer } from '../largeTokenizer.ts';
import { openLayers } from './layersPage.ts';
import { serveModel, stories } from './modelHost.ts';
import { expectProof, heading, idle, open, proof } from './page.ts';

/** Before the page opens: keeps note of long tasks of its main thread, and of when ranks answered. */
async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: PerformanceEntry[] = [];
    const answers: number[] = [];
    Object.assign(window, { tasks, answers });
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ entryTypes: ['longtask'] });
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', () => answers.push(performance.now()));
      }
    };
  });
}

/** From now on: keeps the lengths of long tasks. */
function watchLongTasks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ entryTypes: ['longtask'] });
  });
}

/** Milliseconds of the longest of them; 0 where there was none. */
function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, ...(Reflect.get(window, 'tasks') as number[])));
}

/**
 * Milliseconds of each task over 50 ms while the ranks worked: Chrome reports those, and only those. They work from
 * `since` until the first of them answers.
 */
function tasksWhileRanksWork(page: Page, since: number): Promise<{ tasks: number[]; workedMs: number }> {
  return page.evaluate((since) => {
    const answers = Reflect.get(window, 'answers') as number[];
    const answeredAt = answers.find((time) => time > since) ?? 0;
    const all = Reflect.get(window, 'tasks') as PerformanceEntry[];
    const during = all.filter(
      ({ startTime, duration }) => startTime > since && startTime + duration < answeredAt,
    );
    return { tasks: during.map(({ duration }) => duration), workedMs: answeredAt - since };
  }, since);
}

/** Waits until ranks have answered since then, and nothing more has come from them while the page had nothing to do. */
async function ranksDone(page: Page, since: number): Promise<void> {
  const answered = (): Promise<number> =>
    page.evaluate((since) => {
      const answers = Reflect.get(window, 'answers') as number[];
      return answers.filter((time) => time > since).length;
    }, since);
  let before = 0;
  await expect(async () => {
    const earlier = before;
    await idle(page);
    before = await answered();
    expect(before).toBeGreaterThan(0);
    expect(before).toBe(earlier);
  }).toPass();
}

/** The least of what three tries take, or the first below the limit. */
async function quickest(limitMs: number, attempt: (index: number) => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 1; index <= 3 && !(least < limitMs); index++)
    least = Math.min(least, await attempt(index));
  return least;
}

test('the first run is on screen within 3 seconds', async ({ browser }) => {
  const visit = async (): Promise<number> => {
    const page = await browser.newPage(); // of a context of its own, in which nothing is cached
    const started = Date.now();
    await page.goto('./');
    await expect(proof(page)).toBeVisible();
    const taken = Date.now() - started;
    await expectProof(page, true);
    await page.close();
    return taken;
  };
  expect(await quickest(3000, visit)).toBeLessThan(3000);
});

test('the main thread is never blocked for over 50 ms while the ranks work', async ({ page }) => {
  await watchTasks(page);
  const longest = async (): Promise<number> => {
    await page.goto('about:blank'); // else the hash alone would be followed
    await open(page, { device: 'cpu' });
    await idle(page);
    // Found before the clock starts, and clicked in the page: a search by role goes through all of it, and takes up to 80 ms
    // of its main thread.
    const button = await page.getByRole('button', { name: 'Llama 3.2 1B MLP' }).elementHandle();
    const clickedAt = await page.evaluate((element) => {
      const now = performance.now();
      setTimeout(() => (element as HTMLElement).click());
      return now;
    }, button);
    await expect(page.locator('h1')).toContainText('Column, then row');
    const { tasks, workedMs } = await tasksWhileRanksWork(page, clickedAt);
    expect(workedMs).toBeGreaterThan(0);
    return Math.max(0, ...tasks);
  };
  expect(await quickest(50, longest)).toBeLessThanOrEqual(50);
});

test('a new run of a large layer does not hold up the page', async ({ page, browser }) => {
  await watchTasks(page);
  await openLayers(page, { layer: 'block', preset: 'deepseek-v3', ranks: 8 });
  await idle(page);
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  const clickedAt = await page.evaluate(() => performance.now());
  await page.getByRole('button', { name: 'New numbers' }).click();
  await expect(page.getByText('seed 2')).toBeVisible();
  await ranksDone(page, clickedAt);
  await idle(page);
  const { tasks, workedMs } = await tasksWhileRanksWork(page, clickedAt);
  expect(workedMs).toBeGreaterThan(0);
  // Eight ranks at work leave the page a fraction of a core, and so a task of the page takes longer than its work.
  expect(Math.max(0, ...tasks)).toBeLessThan(150);

  // How long a frame takes depends on the machine, and what is done in it does not: of about 6,000 elements few have
  // changed, and only they are styled anew.
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; args: { elementCount?: number } }[];
  };
  const styled = traceEvents.filter(({ name }) => name === 'UpdateLayoutTree');
  expect(styled.length).toBeGreaterThan(0);
  expect(Math.max(...styled.map(({ args }) => args.elementCount ?? 0))).toBeLessThan(2500);
});

/** Milliseconds from a text in a field to the sentence that answers it. */
function untilAnswered(field: Locator, text: string): Promise<number> {
  return field.evaluate(
    (element, text) =>
      new Promise<number>((resolve) => {
        const from = performance.now();
        new MutationObserver((_, observer) => {
          observer.disconnect();
          resolve(performance.now() - from);
        }).observe(document.querySelector('h1') ?? element, {
          characterData: true,
          childList: true,
          subtree: true,
        });
        // Past React, which else takes the value for its own.
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value')?.set?.call(element, text);
        element.dispatchEvent(new Event('input', { bubbles: true }));
      }),
    text,
  );
}

test('a pasted config.json is answered within 100 ms, and 4,096 GPUs within 300', async ({ page }) => {
  await page.goto('./#/plan?model=Qwen/Qwen2.5-7B&target=throughput&sequences=512');
  await expect(heading(page)).toContainText('tokens a second in all');
  await idle(page);
  await page.getByText('Its config.json', { exact: true }).click();
  const box = page.getByRole('textbox', { name: 'config.json of a model' });
  const config = JSON.parse(await box.inputValue());
  const paste = async (index: number): Promise<number> => {
    const taken = await untilAnswered(box, JSON.stringify({ ...config, num_hidden_layers: 20 + index }));
    await idle(page);
    return taken;
  };
  expect(await quickest(100, paste)).toBeLessThan(100);

  const nodes = page.getByRole('textbox', { name: /number of nodes/ });
  const longest: number[] = [];
  const choose = async (index: number): Promise<number> => {
    await watchLongTasks(page);
    const taken = await untilAnswered(nodes, `${520 - 8 * index}`);
    await expect(heading(page)).toContainText(/on \d+ nodes/);
    await idle(page);
    longest.push(await longestTask(page));
    await nodes.fill('1'); // so that the next answer is another sentence
    await expect(heading(page)).not.toContainText(/on \d+ nodes/);
    await idle(page);
    return taken;
  };
  expect(await quickest(300, choose)).toBeLessThan(300);
  expect(Math.min(...longest)).toBeLessThan(100); // it is searched in a worker
});

test('a model of 128,000 tokens is opened, and writes, beside the page', async ({ page }) => {
  const model = 'https://models.example/someone/large/';
  const tokenizer = Buffer.from(largeTokenizer(`${Buffer.from(stories('tokenizer.json') ?? [])}`, 128_000));
  await serveModel(page, model, (file) => (file === 'tokenizer.json' ? tokenizer : stories(file)));
  const written = page.getByText('as many tokens as were asked for', { exact: true });
  const openModel = async (): Promise<number> => {
    await page.goto('about:blank');
    await page.goto('./#/model?device=cpu&ranks=1&tokens=8&temperature=0');
    await expect(written).toBeVisible();
    await idle(page);
    await watchLongTasks(page);
    await page.evaluate((model) => {
      location.hash = `${location.hash.replace('tokens=8', 'tokens=9')}&model=${encodeURIComponent(model)}`;
    }, model);
    await expect(heading(page)).toContainText('wrote 9 tokens'); // until then the text before it stays
    await idle(page);
    return longestTask(page);
  };
  expect(await quickest(300, openModel)).toBeLessThan(300); // to make its tokenizer alone takes 800
});

for (const width of [1440, 390]) {
  test(`nothing jumps when the first result arrives, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.addInitScript(() => {
      Object.assign(window, { shift: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          Object.assign(window, { shift: Reflect.get(window, 'shift') + Reflect.get(entry, 'value') });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    // Late ranks, so that the page has drawn itself without them.
    let letThemStart = (): void => {};
    const drawn = new Promise<void>((resolve) => {
      letThemStart = resolve;
    });
    await page.route('**/*split.rank*', async (route) => {
      await drawn;
      await route.continue();
    });
    await page.goto('./');
    await expect(heading(page)).toContainText('Starting 4 ranks');
    await idle(page);
    letThemStart();
    await expect(proof(page)).toBeVisible();
    await idle(page);
    // What web.dev/cls calls good.
    expect(await page.evaluate(() => Reflect.get(window, 'shift'))).toBeLessThan(0.1);
  });
}
