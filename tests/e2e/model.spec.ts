/** The Model page as a visitor has it, with the model that comes with it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { readTrace } from '../../src/lab/perfetto/testing/checkTrace.ts';
import { storiesReference } from '../stories.ts';
import { done, open, proof, tokens, workersOf } from './modelPage.ts';
import { test } from './onePage.ts';
import { choose, expectAccessible, heading, idle, onPhone, watchErrors } from './page.ts';

/** The name and the text of a file that a button hands out. */
async function saved(page: Page, button: string): Promise<[name: string, text: string]> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const download = await saving;
  return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')];
}

test('every number of ranks writes what PyTorch wrote, and the page says so', async ({ page }) => {
  const errors = watchErrors(page);
  const { prompt, text, count } = storiesReference();
  await open(page, { temperature: 0, tokens: count, ranks: 1, prompt });
  await done(page);
  await expect(tokens(page)).toHaveText(text, { useInnerText: false });
  await page.getByRole('button', { name: 'Write it on 2, 4, 8 ranks' }).click();
  const rows = page.getByRole('region', { name: 'The same text on other ranks' }).getByRole('row');
  await expect(rows).toHaveCount(5, { timeout: 60_000 });
  for (const ranks of [3, 5]) {
    await choose(page, 'Ranks', String(ranks));
    await expect(rows).toHaveCount(ranks === 3 ? 6 : 7, { timeout: 60_000 });
  }
  await page.getByLabel('All-reduce').selectOption('ring');
  await expect(rows.filter({ hasText: 'CPU · 5 threads, ring' })).toBeVisible();
  await expect(rows.filter({ hasText: `✓ the same ${count} tokens` })).toHaveCount(6);
  await page.getByText('The text that all of them wrote').click();
  await expect(page.getByRole('region', { name: 'On other ranks', exact: true })).toContainText(text);
  await expect(tokens(page)).toHaveText(text, { useInnerText: false });
  await expect.poll(() => workersOf(page)).toEqual([5, 1]);
  await expect(heading(page)).toHaveText(new RegExp(`^Five ranks wrote ${count} tokens, [\\d.,]+ a second$`));
  await expect(proof(page)).toHaveText(
    /Checked: \d+ tokens, each with the 14 collectives of the plan, the prompt too/,
  );
  await proof(page).click();
  await expect(page.getByRole('row', { name: /^\d+ tokens at once all_reduce 13 ×/ })).toBeVisible();
  await expect(page.getByText('was written by 7 groups of ranks: token for token the same')).toBeVisible();

  // Caches for a shorter sequence, which has room for this text too.
  const context = page.getByLabel('Context', { exact: true });
  await expect(context.locator('option')).toHaveText([/^256 tokens, .+ a rank$/, /^128 tokens, .+ a rank$/]);
  await context.selectOption('128');
  await expect(page.getByRole('meter', { name: 'Context used' })).toHaveAttribute('max', '128');
  await expect(page).toHaveURL(/context=128/);
  await expect(tokens(page)).toHaveText(text, { useInnerText: false });
  expect(errors).toEqual([]);
});

test('weights in blocks take less memory, and the page says what was lost', async ({ page }) => {
  await open(page, { device: 'webgpu', tokens: 4 });
  await done(page);
  const memory = page.getByRole('region', { name: 'Memory' });
  const weightsOf = async (): Promise<number> => {
    const label =
      (await memory.getByRole('img', { name: /^Rank 0: weights/ }).getAttribute('aria-label')) ?? '';
    const [, size, unit] = /weights ([\d.]+) ([KM])iB/.exec(label) ?? [];
    return Number(size) * (unit === 'M' ? 1024 : 1);
  };
  await expect(memory).toContainText('16-bit weights as stored, the rest float32');
  const stored = await weightsOf();
  await choose(page, 'Weights of products', 'int4 blocks');
  await expect(memory).toContainText('products in int4 in blocks of 32, other 16-bit weights as stored');
  await expect(memory).toContainText(
    /Rounded to int4 in blocks of 32, .* differ from those that are stored by 8\.\d+ %/,
  );
  await done(page);
  await expect(memory).toContainText(/have the same first choice at [34] of 4 tokens\./);
  expect(await weightsOf()).toBeLessThan(0.5 * stored); // the embedding stays
  expect(page.url()).toContain('weights=q4');
  const text = await tokens(page).innerText();
  await choose(page, 'Ranks', '8');
  await expect(
    page.getByText(
      /rank \d of 8 holds 16 columns, which would cut a block of 32\. Use 1, 2, 3, 4 or 6 ranks/,
    ),
  ).toBeVisible();
  await expect(tokens(page)).toHaveText(text, { useInnerText: true }); // which stays
});

test('a token can be looked at, replaced, and taken apart, by key too', async ({ page }) => {
  await open(page, { tokens: 24, seed: 3 });
  await done(page);
  await expectAccessible(page);
  const first = await tokens(page).innerText();

  // A click holds a token, so that the way to what is told of it may lead over others.
  const looked = tokens(page).getByRole('option', { selected: true });
  await page.locator('[data-token="3"]').click();
  await page.locator('[data-token="9"]').hover();
  await expect(looked).toHaveAttribute('data-token', '3');

  await tokens(page).focus();
  await page.keyboard.press('Home');
  const token = page.getByRole('region', { name: 'The token', exact: true });
  await expect(token).toContainText(/Before it, the prompt: \d+ tokens at once/);
  await page.keyboard.press('ArrowRight');
  await expect(looked).toHaveAttribute('data-token', '1');
  await expect(page.getByText('number 2', { exact: false }).first()).toBeVisible();
  const vocabulary = page.getByRole('img', {
    name: /^The 1,024 rows of the head: rank 0 has rows 0 to 511, /,
  });
  await expect(vocabulary).toHaveAccessibleName(/ is row \d+, of rank [01]$/);

  // A rank's bar leads into the token, and so does the button.
  const strips = page.getByRole('button', { name: /^Rank \d: computes .+ of .+\. Take it apart$/ });
  await expect(strips).toHaveCount(2);
  await strips.nth(1).press('Enter');
  await expect(
    page.getByText(/All \d+ operations and collectives of each rank were those of the plan/),
  ).toBeVisible();
  await choose(page, 'Part of the model', 'Layer 3');
  await expect(page.getByRole('button', { name: 'Head 7, on rank 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Head 7, on rank 1' }).click();
  await expect(page.getByText('head 7, on rank 1')).toBeVisible();
  const map = page.getByRole('figure').filter({ has: page.getByRole('grid', { name: /^8 heads by / }) });
  await map.getByRole('gridcell').focus();
  await expect(map).toContainText(/head 0, on rank 0, “.+”, token 1: [\d.]+ %/);
  for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  await expect(map).toContainText(/head 1, on rank 0, “.+”, token 2: [\d.]+ %/);
  await map.locator('canvas').hover({ position: { x: 2, y: 100 } });
  await expect(map).toContainText(/head 7, on rank 1, “.+”, token 1: [\d.]+ %/);
  await expect(page.getByText('these block values are equal on all 2 ranks')).toBeVisible();
  await idle(page);
  await expectAccessible(page);

  // Another of those that might have come: what stands before it stays, what came behind it is written anew.
  const other = page.locator('ol button:not([aria-current])').first();
  await other.click();
  await done(page);
  await expect(page.locator('[data-token="1"]')).toHaveAttribute('data-chosen', 'true');
  await page.locator('[data-token="1"]').hover();
  await expect(token).toContainText('chosen by you');
  await expect(strips).toHaveCount(2); // its pass is what the ranks read to go on
  await expect(page.getByRole('button', { name: 'Take it apart', exact: true })).toBeEnabled();
  const second = await tokens(page).innerText();
  expect(second).not.toBe(first);
  await expect(page.getByText('taken apart')).toBeHidden();

  // What can be taken along: the run, and a trace in which each rank has every token that it ran.
  const [runName, run] = await saved(page, 'Save the run');
  expect(runName).toBe('ringside-text.json');
  const { turns, verdict, allReduce, read, ...rest } = JSON.parse(run);
  expect(rest).toMatchObject({ ranks: 2, placement: 'worker', positions: expect.any(Number) });
  expect([allReduce, verdict.asPlanned, verdict.differences]).toEqual(['auto', true, []]);
  expect(read[0].bytes).toBeGreaterThan(read[0].shardBytes);
  expect(turns[0]).toMatchObject({
    text: second,
    asked: { count: 24, sampling: { seed: 3 }, stopWords: [] },
  });
  const [traceName, trace] = await saved(page, 'Save its trace');
  expect(traceName).toBe('ringside-a-text-of-stories-on-2-ranks.json');
  const { slices, arrows, problems, processes } = readTrace(trace);
  expect([problems, processes.size]).toEqual([[], 2]);
  const ran = turns[0].tokens.filter(({ spent }: { spent: unknown[] }) => spent.length > 0).length;
  for (const rank of [0, 1]) {
    const names = slices.filter(({ pid }) => pid === rank).map(({ name }) => name);
    expect(names.filter((name) => /^\d+ “/.test(name))).toHaveLength(ran);
    expect(names.filter((name) => name.startsWith('prefill of '))).toHaveLength(2); // of the second the chosen token is all
    expect(names.filter((name) => name === 'all_reduce').length).toBeGreaterThanOrEqual(13 * (ran + 1));
  }
  expect(arrows.length).toBeGreaterThan(0);

  await page.getByText('What was read for it').click();
  const rows = page.getByRole('region', { name: 'What each rank read of the weights' }).getByRole('row');
  await expect(rows).toHaveText([/^rank/, /^0[\d.]+ MiB[\d.]+ MiB0 B$/, /^1[\d.]+ MiB[\d.]+ MiB0 B$/]);

  // On a phone, and in the dark, with all of this on the page.
  await onPhone(page, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await idle(page);
      await expectAccessible(page, colorScheme === 'dark' ? 'colours' : 'all');
    }
  });
  await page.emulateMedia({ colorScheme: 'light' });

  // The same text with all ranks on one device, whose time is theirs together.
  await choose(page, 'Placement', 'One device');
  const texts = page.getByRole('region', { name: 'The same text on other ranks' }).getByRole('row');
  await expect(texts.filter({ hasText: 'CPU · 2 ranks on one device' })).toContainText(
    '✓ the same 24 tokens',
  );
  await expect(page).toHaveURL(/placement=one-device/);
  const device = page.getByRole('button', { name: /^The device: computes .+ of .+\. Take it apart$/ });
  await expect(device).toHaveCount(1);
  const shared = readTrace((await saved(page, 'Save its trace'))[1]);
  expect([...shared.processes.values()].map((name) => name.split(' · ')[0])).toEqual([
    'rank 0',
    'rank 1',
    'the device of all ranks',
  ]);
  expect(shared.problems).toEqual([]);
  expect(shared.slices.filter(({ pid, name }) => pid === 2 && /linear/.test(name)).length).toBeGreaterThan(
    24,
  );
  await expect(proof(page)).toHaveText(/Checked: \d+ tokens, each with the 14 collectives of the plan/);
  await page.getByRole('button', { name: 'Take it apart', exact: true }).click();
  await expect(
    page.getByText(/All \d+ operations and collectives of each rank were those of the plan/),
  ).toBeVisible();
  await idle(page);
  await expectAccessible(page);
  // Nothing goes from rank to rank, and so nothing on the page speaks of a ring or its windows.
  const taken = page.getByRole('region', { name: 'The token, taken apart' });
  await expect(
    taken.getByRole('button', { name: /^all-reduce of .+ 2 ranks on one device/ }),
  ).not.toHaveCount(0);
  await expect(taken).not.toContainText(/\bring\b/);
  await expect(page.getByRole('region', { name: 'Memory' })).not.toContainText('windows');
});

test('files that are dropped are a model, or a sentence says why not', async ({ page }) => {
  await open(page, { tokens: 8 });
  await done(page);
  const drop = (files: Record<string, string | null>): Promise<void> =>
    page.evaluate(async (wanted) => {
      const dataTransfer = new DataTransfer();
      for (const [name, text] of Object.entries(wanted)) {
        const content = text ?? (await (await fetch(`models/stories/${name}`)).blob());
        dataTransfer.items.add(new File([content], name));
      }
      dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, files);
  const whole = { 'config.json': null, 'tokenizer.json': null, 'tokenizer_config.json': null };
  const failure = page.getByRole('alert').filter({ hasText: 'Try again' });

  await drop({ 'notes.txt': 'hello' });
  await expect(failure).toContainText('There is no config.json in your files');
  await drop({ ...whole, 'config.json': '{"architectures":["GPT2LMHeadModel"],"model_type":"gpt2"}' });
  await expect(failure).toContainText('GPT2LMHeadModel');
  await drop({ ...whole });
  await expect(failure).toContainText('neither model.safetensors nor model.safetensors.index.json');
  await drop({ ...whole, 'model.safetensors': 'no weights at all' });
  await expect(failure).toContainText(/safetensors/);
  await drop({ ...whole, 'model.safetensors': null });
  await done(page);
  await expect(failure).toBeHidden();
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('files');
  await expect(page).toHaveURL(/model=files/);

  await page.goBack();
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('stories');
  await done(page);

  // A folder in place of its files: picked, and dropped as a browser is told of it by the desktop.
  const folder = fileURLToPath(new URL('../../public/models/stories', import.meta.url));
  const desktop = await page.context().newCDPSession(page);
  const give = [
    () => page.getByLabel('Folder of a model').setInputFiles(folder),
    async () => {
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await desktop.send('Input.dispatchDragEvent', { type, x: 300, y: 200, data });
    },
  ];
  for (const giveFolder of give) {
    await drop({ 'notes.txt': 'hello' });
    await expect(failure).toBeVisible();
    await giveFolder();
    await expect(failure).toBeHidden();
    await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
    await expect(failure).toBeHidden();
  }
  await desktop.detach();
});
