/** A mixture of experts on the Model page: its text, and where the gates sent a token. */

import { expect } from '@playwright/test';
import { storiesReference } from '../stories.ts';
import { serveModel, upcycled } from './modelHost.ts';
import { test } from './onePage.ts';
import { choose, expectAccessible, idle, watchErrors } from './page.ts';

const MODEL = 'https://models.example/someone/experts/';
const EXPERTS = 5;

test('experts that are copies of the MLP write its text, and a token tells where it was sent', async ({
  page,
}) => {
  const errors = watchErrors(page);
  await serveModel(page, MODEL, upcycled(EXPERTS));
  const { prompt, text, count } = storiesReference(24);
  const params = { model: MODEL, ranks: '3', device: 'cpu', temperature: '0', tokens: String(count), prompt };
  await page.goto(`./#/model?${new URLSearchParams(params)}`);
  const tokens = page.getByRole('listbox', { name: 'Tokens that the model wrote' });
  await expect(tokens).toHaveText(text, { useInnerText: false });
  await expect(page.locator('summary', { hasText: /^. Checked: \d+ tokens/ })).toBeVisible();

  await page.locator('[data-token="5"]').click();
  await page.getByRole('button', { name: 'Take it apart', exact: true }).click();
  await expect(
    page.getByText('operations and collectives of each rank were those of the plan'),
  ).toBeVisible();
  const routing = page.getByRole('region', { name: 'Where it was sent' });
  await expect(routing).toContainText('All 3 ranks have the gate, and came to the same choice, bit by bit.');
  // Each layer has a gate of its own, and its weights add up to one.
  const sent = new Set<string>();
  for (const layer of [0, 1, 2]) {
    await choose(page, 'Part of the model', `Layer ${layer}`);
    const chosen = await routing.getByRole('listitem').allTextContents();
    sent.add(chosen.join());
    expect(chosen).toHaveLength(2);
    const weights = chosen.map((one) => Number(one.split('×')[1]));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    for (const one of chosen) {
      const [, rank, expert] = /^(\d)expert (\d)/.exec(one) ?? [];
      expect(Number(rank)).toBe([0, 0, 1, 1, 2][Number(expert)]);
    }
  }
  expect(sent.size).toBeGreaterThan(1);
  await idle(page);
  await expectAccessible(page);
  await choose(page, 'Part of the model', 'Head');
  await expect(routing).toBeHidden();
  expect(errors).toEqual([]);
});
