/** Timings that are promised. A trace of the test would itself take time on the page's main thread. */

import { expect, test } from '@playwright/test';
import { expectProof, heading, open, proof } from './page.ts';

test.use({ trace: 'off' });

test('the first run is on screen within 3 seconds', async ({ page }) => {
  const started = Date.now();
  await page.goto('./');
  await expect(proof(page)).toBeVisible();
  expect(Date.now() - started).toBeLessThan(3000);
  await expectProof(page, true);
});

test('the main thread is never blocked for over 50 ms while the ranks work', async ({ page }) => {
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
  await open(page, { device: 'cpu' });
  await page.waitForTimeout(1000); // the page has drawn itself
  const clickedAt = await page.evaluate(() => performance.now());
  await page.getByRole('button', { name: 'Llama 3.2 1B MLP' }).click();
  await expect(heading(page)).toContainText('Column, then row');
  // Chrome reports tasks that took longer than 50 ms, and only those. The ranks work until the first one answers.
  const { tasks, workedMs } = await page.evaluate((since) => {
    const answers = Reflect.get(window, 'answers') as number[];
    const answeredAt = answers.find((time) => time > since) ?? 0;
    const all = Reflect.get(window, 'tasks') as PerformanceEntry[];
    const during = all.filter(
      ({ startTime, duration }) => startTime > since && startTime + duration < answeredAt,
    );
    return { tasks: during.map(({ duration }) => duration), workedMs: answeredAt - since };
  }, clickedAt);
  expect(workedMs).toBeGreaterThan(0);
  expect(tasks).toEqual([]);
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
    await page.route('**/*split.rank*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await route.continue();
    });
    await page.goto('./');
    await expect(heading(page)).toContainText('Starting 4 ranks');
    await expect(proof(page)).toBeVisible();
    await page.waitForTimeout(500);
    // What web.dev/cls calls good.
    expect(await page.evaluate(() => Reflect.get(window, 'shift'))).toBeLessThan(0.1);
  });
}
