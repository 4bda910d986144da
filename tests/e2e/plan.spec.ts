/** The Plan page as a visitor has it. */

import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from './onePage.ts';
import { choose, drop, expectAccessible, heading, idle, paste, watchErrors } from './page.ts';

const layouts = (page: Page) => page.getByRole('region', { name: 'Layouts' }).getByRole('row');

test('a model and a machine make a plan, by mouse and by key', async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto('./#/plan');
  await expect(heading(page)).toHaveText(/^TP 8 on one node: \d+ tokens a second a sequence$/);
  await expect(page.getByText(/^Predicted: of 24 published|✓ Predicted/)).toBeVisible();
  // Another line of the table is looked at, by key, and Back undoes it.
  await layouts(page).nth(2).getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText(/^TP 4 /);
  await expect(page).toHaveURL(/layout=4/);
  await page.goBack();
  await expect(heading(page)).toHaveText(/^TP 8 /);
  // Machines that are too small say what would do.
  await page.getByLabel('GPU', { exact: true }).selectOption('rtx-3060');
  await expect(heading(page)).toHaveText(/does not fit on 8 GPUs/);
  await expect(page.getByText(/such GPUs would do/)).toBeVisible();
  await choose(page, 'Weights', '4 bits');
  await expect(heading(page)).toHaveText(/^TP 8 on one node/);
  await choose(page, 'Weights', 'as stored');
  await choose(page, 'Cache', '8 bits');
  await choose(page, 'Looking for', 'the fewest GPUs');
  await page.getByRole('combobox', { name: 'Model' }).fill('Qwen/Qwen2.5-7B');
  await expect(heading(page)).toHaveText(/^TP 2 on two GPUs of a node: /);
  await expect(page.getByRole('region', { name: 'The command' })).toContainText('vllm serve Qwen/Qwen2.5-7B');
  // What is wrong gets a sentence, and the last answer stays.
  await page.getByRole('textbox', { name: /number of nodes/ }).fill('0');
  await expect(page.getByRole('alert').filter({ hasText: 'The number of nodes is 0' })).toBeVisible();
  await expect(heading(page)).toHaveText(/^TP 2 on two GPUs of a node: /);
  await page.getByRole('textbox', { name: /number of nodes/ }).fill('1');
  // A file of one's own, from paste to sentence, and in the link.
  await page.getByText('Its config.json', { exact: true }).click();
  const box = page.getByRole('textbox', { name: 'config.json of a model' });
  const config = JSON.parse(await box.inputValue());
  await box.fill(JSON.stringify({ ...config, _name_or_path: 'mine', num_hidden_layers: 3 }));
  await expect(page.getByText('mine, qwen2: counted from its config.json')).toBeVisible();
  await expect(page).toHaveURL(/num_hidden_layers/);
  await box.fill('{ "hidden_size": ');
  await expect(page.getByRole('alert').filter({ hasText: 'config.json' })).toBeVisible();
  // What is dropped anywhere is taken, or refused in a sentence; a text that no file has the length of is not laid out.
  expect(await drop(page, 'config.json', '{ "architectures": ["MambaForCausalLM"] }')).toBe(true);
  await expect(page.getByRole('alert').filter({ hasText: 'MambaForCausalLM' })).toBeVisible();
  await expect(box).toHaveValue('{ "architectures": ["MambaForCausalLM"] }');
  expect(await drop(page, 'model.safetensors', 100)).toBe(true);
  await expect(page.getByRole('alert').filter({ hasText: 'model.safetensors holds weights' })).toBeVisible();
  expect(await paste(box, `{"vocab": "${'x'.repeat(1e6)}"}`)).toBe(true);
  await expect(page.getByRole('alert').filter({ hasText: 'over 100,000 characters long' })).toBeVisible();
  await expect(box).toHaveValue('{ "architectures": ["MambaForCausalLM"] }');
  await expect(page).toHaveURL(/MambaForCausalLM/); // a moment later
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: 'MambaForCausalLM' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('each number of ranks has eight verdicts, and a way out', async ({ page }) => {
  await page.goto('./#/plan?model=Qwen/Qwen2.5-0.5B&perNode=1');
  const degrees = page.getByRole('region', { name: 'Which degrees are legal' });
  await degrees.getByRole('button', { name: '8 ranks: reasons', exact: true }).click();
  await expect(degrees).toContainText('14 heads do not divide by 8');
  await degrees.getByRole('switch', { name: 'Every number from 1 to 64' }).click();
  await expect(degrees.getByRole('button', { name: /ranks?: reasons/ })).toHaveCount(64);
});

test('what a machine printed takes the place of the datasheet', async ({ page }) => {
  await page.goto('./#/plan');
  await page.getByText('What your machine printed').click();
  const box = page.getByRole('textbox', { name: 'A table of collectives' });
  await box.fill('time flies');
  await expect(page.getByRole('status').filter({ hasText: /is known here/ })).toBeVisible();
  await box.fill(readFileSync(new URL('../cases/tables/nccl-a100-8.txt', import.meta.url), 'utf8'));
  await expect(
    page.getByRole('status').filter({ hasText: /µs a step and \d+ GB.s, by \d sizes/ }),
  ).toBeVisible();
  await expect(page).toHaveURL(/measured=/);
  await expect(page.getByText(/NVLink carries \d+ GB.s/)).toBeVisible();
  await page.getByRole('button', { name: 'Use the datasheet again' }).click();
  await expect(page).not.toHaveURL(/measured=/);
});

test('a model is fetched by its name, or a sentence says why not', async ({ page, context }) => {
  const config = { model_type: 'llama', hidden_size: 64, intermediate_size: 256, num_hidden_layers: 2 };
  await context.route('https://huggingface.co/**', (route) => {
    const url = route.request().url();
    const headers = { 'access-control-allow-origin': '*' };
    if (url.includes('gated')) return route.fulfill({ status: 401, headers });
    if (url.includes('offline')) return route.abort();
    if (url.endsWith('/config.json'))
      return route.fulfill({
        headers,
        json: { ...config, num_attention_heads: 4, vocab_size: 1000, max_position_embeddings: 8192 },
      });
    if (url.endsWith('index.json'))
      return route.fulfill({ headers, json: { metadata: { total_size: 500_000 } } });
    return route.fulfill({ status: 404, headers });
  });
  await page.goto('./#/plan');
  const name = page.getByRole('combobox', { name: 'Model' });
  for (const [model, words] of [
    ['org/gated', 'its makers ask for an account'],
    ['org/offline', 'cannot be reached from here'],
  ] as const) {
    await name.fill(model);
    await page.getByRole('button', { name: 'Fetch it from huggingface.co' }).click();
    await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
  }
  await name.fill('org/small');
  await name.press('Enter');
  await expect(page.getByText('small, llama: counted from its config.json')).toBeVisible();
  await expect(page.getByText('its files')).toBeVisible();
  await expect(heading(page)).toHaveText(/^TP 1 × DP 8 on /);
});

test('it has no violation, wide and narrow, light and dark, and does not scroll sideways', async ({
  page,
}) => {
  await page.goto('./#/plan?model=Qwen/Qwen3-235B-A22B&nodes=2&target=throughput');
  await expect(heading(page)).toHaveText(/on two nodes/);
  await idle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await idle(page);
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});
