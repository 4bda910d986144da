/** The Benchmark page, on few and small cells: what is measured, kept, imported, compared and handed out. */

import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { test } from './onePage.ts';
import { expectAccessible, heading, keptResults, type Params, watchErrors } from './page.ts';

/** Five cells: all-reduces on two CPU ranks, and a layer on one and on two. */
const SMALL: Params = {
  suite: 'collectives,layers',
  ops: 'all_reduce,row_linear',
  device: 'cpu',
  ranks: '1,2',
  sizes: '4,4KiB,64KiB',
  shapes: '4x32x48',
  budget: '10ms',
};
/** So many that there is time to do something meanwhile. */
const LONG: Params = { device: 'cpu', ranks: '2', sizes: '4KiB,16KiB,64KiB', budget: '400ms' };

async function open(page: Page, params: Params): Promise<void> {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  await page.goto(`./#/benchmark?${query}`);
  await expect(runButton(page)).toBeVisible();
}

function runButton(page: Page): Locator {
  return page.getByRole('button', { name: /^Run/, exact: false }).first();
}

function verdict(page: Page): Locator {
  return page.locator('summary', { hasText: /cells?, \d+ wrong/ });
}

function rows(page: Page): Locator {
  return page.getByRole('region', { name: 'Every cell, table' }).getByRole('row');
}

async function runToTheEnd(page: Page): Promise<void> {
  await runButton(page).click();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(runButton(page)).toBeVisible({ timeout: 60_000 });
}

test('runs to the end, with nothing wrong, when asked, and its rows are sorted by click and by key', async ({
  page,
}) => {
  const errors = watchErrors(page);
  await open(page, SMALL);
  await expect(runButton(page)).toHaveText(/^Run 5 cells/);
  await expect.poll(() => page.workers()).toHaveLength(0); // it has read the records that come with the page
  await runToTheEnd(page);
  await expect(verdict(page)).toContainText('5 cells, 0 wrong');
  await expect(verdict(page)).not.toContainText('did not run');
  await expect(rows(page)).toHaveCount(1 + 3);
  const sizes = async () => {
    const cells = rows(page)
      .getByRole('cell')
      .filter({ hasText: /^\d+ (?:B|KiB)$/ });
    return cells.allTextContents();
  };
  const head = page.getByRole('columnheader', { name: 'size' });
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  expect(await sizes()).toEqual(['4 B', '4 KiB', '64 KiB']);
  await head.getByRole('button').press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  expect(await sizes()).toEqual(['64 KiB', '4 KiB', '4 B']);

  await page.getByRole('radio', { name: 'Layers' }).check();
  await expect(rows(page)).toHaveCount(1 + 2);
  const speedUps = rows(page).filter({ hasText: 'Row-parallel linear' });
  await expect(speedUps).toHaveCount(2);
  expect(errors).toEqual([]);
});

test('opens on a first look at everything', async ({ page }) => {
  await page.goto('./#/benchmark');
  await expect(runButton(page)).toHaveText(/^Run 48 cells · about \d+ s$/);
  for (const suite of ['Ring', 'Layers', 'Kernels']) {
    await expect(page.getByRole('checkbox', { name: suite })).toBeChecked();
  }
  // Until there is a run, what one looks like; and it is called another machine's.
  await expect(
    page.getByText(/^Not of this machine, which has not run yet: Two cores, no GPU/),
  ).toBeVisible();
  await expect(page.getByRole('region', { name: 'Scaling' }).locator('svg').first()).toBeVisible();
  await expect(page.getByText('No run yet.')).toBeAttached();
  await page.getByRole('checkbox', { name: 'Kernels' }).uncheck();
  await expect(page).toHaveURL(/suite=collectives,layers/);
  await page.goBack();
  await expect(runButton(page)).toHaveText(/^Run 48 cells/);
  await expect(page).toHaveURL(/#\/benchmark$/);
});

test('pauses and resumes; a stop and a reload keep what is done', async ({ page }) => {
  await open(page, LONG);
  await runButton(page).click();
  await expect(rows(page)).not.toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused at')).toBeVisible();
  const paused = await rows(page).count();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => rows(page).count()).toBeGreaterThan(paused);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(verdict(page)).toContainText('stopped');
  const done = await rows(page).count();
  await page.reload();
  await expect(verdict(page)).toContainText('stopped');
  await expect(rows(page)).toHaveCount(done);
  await expect(page.getByRole('region', { name: 'Runs, table' })).toContainText(`${done - 1} of 15 stopped`);
});

test('measures nothing while another page is looked at, and goes on when one comes back', async ({
  page,
}) => {
  await open(page, LONG);
  await runButton(page).click();
  await expect(rows(page)).not.toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('link', { name: 'Layers' }).click();
  await expect(heading(page)).toContainText('Attention');
  // The cell under way may still end: from then on nothing is added, though there was time for two more.
  await expect.poll(() => keptSoon(page), { timeout: 60_000 }).toBe(true);
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const before = await rows(page).count();
  await expect.poll(() => rows(page).count(), { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(verdict(page)).toContainText('stopped');
});

/**
 * Whether no result was added for as long as two cells of {@link LONG} take. Time itself is what is tested: nothing tells of
 * what does not begin.
 */
async function keptSoon(page: Page): Promise<boolean> {
  const before = await keptResults(page);
  await page.waitForTimeout(1500);
  return (await keptResults(page)) === before;
}

test('a run that is cut off by a reload is kept, and marked', async ({ page }) => {
  await open(page, LONG);
  page.on('dialog', (dialog) => void dialog.accept());
  await runButton(page).click();
  await expect(rows(page)).not.toHaveCount(1, { timeout: 60_000 });
  await page.reload();
  await expect(verdict(page)).toContainText('incomplete');
});

test('a tab that was hidden is warned of, and its cells are marked', async ({ page }) => {
  await open(page, LONG);
  await runButton(page).click();
  const warning = page.getByText('The tab was hidden, where a browser slows it down.');
  await expect(rows(page)).not.toHaveCount(1, { timeout: 60_000 });
  await expect(warning).toBeHidden();
  await setHidden(page, true); // a page without a window is never hidden by itself
  await expect(warning).toBeVisible();
  await setHidden(page, false);
  const marked = rows(page).filter({ hasText: 'the tab was hidden' });
  await expect(marked.first()).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  expect(await marked.count()).toBeLessThan((await rows(page).count()) - 1);
});

function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    const state = value ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('leaving asks first while a run is under way, and only then', async ({ page }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await open(page, LONG);
  await runButton(page).click();
  await expect(rows(page)).not.toHaveCount(1, { timeout: 60_000 });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  await page.getByRole('button', { name: 'Stop' }).click(); // dismissed: it is still there
  await expect(verdict(page)).toContainText('stopped');
  await page.reload();
  await expect(verdict(page)).toContainText('stopped');
  expect(asked).toEqual(['beforeunload']);
});

test('exports read back, and a record from elsewhere is compared and laid over', async ({ page }) => {
  await open(page, SMALL);
  await runToTheEnd(page);
  const saved: string[] = [];
  for (const format of ['JSON', 'CSV', 'Markdown']) {
    await page.getByRole('group', { name: 'Results as' }).getByRole('radio', { name: format }).check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^ringside-bench-\d{4}-\d\d-\d\d\.(json|csv|md)$/);
    saved.push(readFileSync(await download.path(), 'utf8'));
  }
  const [json = '', csv = '', markdown = ''] = saved;
  const record = JSON.parse(json);
  expect(record.results).toHaveLength(5);
  expect(markdown).toContain('| size (B) |');

  // Twice as slow, from a file; and as it was, from CSV.
  for (const result of record.results) {
    for (const key of ['medianMs', 'p10Ms', 'p90Ms']) result[key] *= 2;
    for (const key of ['gflops', 'algBwGBs', 'busBwGBs']) result[key] /= 2;
    result.samplesMs = result.samplesMs.map((ms: number) => 2 * ms);
  }
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const chooser = page.locator('input[type=file]');
  await chooser.setInputFiles([file('slow.json', JSON.stringify(record)), file('same.csv', csv)]);
  const runs = page.getByRole('region', { name: 'Runs, table' });
  await expect(runs.getByRole('checkbox', { name: 'Lay slow.json over the charts' })).toBeChecked();
  await expect(page.getByText('CPU (slow.json)', { exact: true }).first()).toBeVisible();

  const against = page.getByRole('combobox', { name: 'Run to compare with' });
  await against.selectOption({
    label: (await against.locator('option', { hasText: 'slow.json' }).textContent()) ?? '',
  });
  const sum = page.getByRole('status').filter({ hasText: 'geometric mean' });
  await expect(sum).toContainText('Over 5 cells the time is 0.500');
  await expect(sum).toContainText('this run is faster');
  await against.selectOption({
    label: (await against.locator('option', { hasText: 'same.csv' }).textContent()) ?? '',
  });
  await expect(sum).toContainText('Over 5 cells the time is 1.000');
  await expect(sum).toContainText('no difference can be told');

  // From a cluster: other backends, so no cell is the same, and the same work.
  for (const result of record.results) {
    result.backend = 'torch-gloo';
    result.transport = 'gloo';
  }
  await chooser.setInputFiles([file('torch.json', JSON.stringify(record))]);
  await against.selectOption({
    label: (await against.locator('option', { hasText: 'torch.json' }).textContent()) ?? '',
  });
  await page.getByRole('button', { name: 'Match the same work' }).click();
  await expect(sum).toContainText('Over 5 cells the time is 0.500');

  await chooser.setInputFiles([file('bad.json', '{"schema":"other/2"}')]);
  await expect(page.getByRole('alert').filter({ hasText: 'bad.json' })).toContainText('schema is "other/2"');
});

test('options of a link that cannot run are named, and nothing else is lost', async ({ page }) => {
  await page.goto('./#/benchmark?ranks=0');
  await expect(page.getByRole('alert').filter({ hasText: 'A number of ranks is 0' })).toBeVisible();
  await expect(runButton(page)).toBeDisabled();
  await page.getByRole('group', { name: 'Ranks' }).getByRole('checkbox', { name: '3' }).check();
  await expect(runButton(page)).toBeEnabled();
  await expect(page).toHaveURL(/ranks=1,2,3,4/);
  await page.goBack();
  await expect(page.getByRole('alert').filter({ hasText: 'A number of ranks is 0' })).toBeVisible();
});

test('goes to a cluster as a script with the same cells', async ({ page }) => {
  await open(page, { ...SMALL, seed: 5 });
  await expect(page.getByRole('region', { name: 'Command line' })).toContainText(
    'torchrun --nproc_per_node=2 benchmark.py --ops all_reduce,row_linear --sizes 4,4KiB,64KiB --shapes 4x32x48',
  );
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download benchmark.py' }).click(),
  ]);
  const script = readFileSync(await download.path(), 'utf8');
  expect(script).toContain('default=[[4,32,48]]');
  expect(script).toContain('default=5');
});

test('a phone does not scroll sideways, and axe finds no violation', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, SMALL);
  await runToTheEnd(page);
  await expect(heading(page)).not.toContainText('Measur');
  await expect(page.locator('.recharts-surface').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
});
