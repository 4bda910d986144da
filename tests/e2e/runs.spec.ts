/** Every split on the page, on each device. On all numbers of ranks, and to the last bit: tests/browser/split.test.ts. */

import { expect, type Page } from '@playwright/test';
import { test } from './onePage.ts';
import { choose, expectProof, heading, open, proof, watchErrors } from './page.ts';

const SPLITS = { none: 'No split', column: 'Column split', row: 'Row split', pair: 'Column, then row' };
/** No number of ranks but 1 divides them. */
const SHAPE = { m: 7, k: 19, n: 23 };

for (const [device, ranks] of [
  ['webgpu', 3],
  ['cpu', 1],
  ['cpu', 8],
] as const) {
  test(`every split on ${ranks} ranks, ${device}`, async ({ page }) => {
    const errors = watchErrors(page);
    for (const [split, words] of Object.entries(SPLITS)) {
      await open(page, { split, ranks, device, ...SHAPE });
      // The page stays between runs: make sure that what is proven is this one.
      await expect(heading(page)).toContainText(words);
      await expect(heading(page)).toContainText(ranks === 1 ? /(1|one) rank/ : `${ranks} ranks`);
      await expectSizeOfX(page, SHAPE.m, SHAPE.k);
      await expectProof(page, true);
      const rows = page.getByRole('region', { name: 'The ranks', exact: true }).getByRole('rowheader');
      await expect(rows).toHaveCount(ranks + 1); // and the line that adds them up
      await expect(page.getByRole('banner')).toContainText(device === 'cpu' ? 'CPU' : 'WebGPU');
    }
    expect(errors).toEqual([]);
  });
}

test('ranks that hold nothing are right, columns that nobody gathers, and the bias on every rank is caught', async ({
  page,
}) => {
  await open(page, { split: 'pair', ranks: 8, m: 1, k: 5, n: 3 });
  await expectSizeOfX(page, 1, 5);
  await expectProof(page, true);
  await open(page, { split: 'column', gatherOutput: 0 });
  await expect(proof(page)).toContainText('each rank holds columns of its own');
  await expectProof(page, true);
  await open(page, { split: 'row', ranks: 4, biasOnEveryRank: 1 });
  await expect(proof(page)).toContainText('The bias was added');
  await expectProof(page, false);
  await open(page, { split: 'row', ranks: 1, biasOnEveryRank: 1 });
  await expectProof(page, true);
});

test('every preset runs', async ({ page }) => {
  await open(page);
  for (const [preset, m, k, device] of [
    ['Tiny', 2, 4, 'CPU'],
    ['Llama 3.2 1B down', 8, 8192, 'CPU'],
    ['Llama 3.2 1B MLP', 8, 2048, 'CPU'],
    ['Uneven', 7, 16, 'CPU'],
    ['Uneven', 7, 16, 'WebGPU'],
    ['Llama 3.2 1B gate', 8, 2048, 'WebGPU'],
  ] as const) {
    await test.step(`${preset} on ${device}`, async () => {
      await page.getByRole('button', { name: preset, exact: true }).click();
      await choose(page, 'Device', device);
      await expectSizeOfX(page, m, k);
      await expect(page.getByRole('banner')).toContainText(device);
      await expectProof(page, true);
    });
  }
});

/** X is drawn with its size, once its run is on the page. */
async function expectSizeOfX(page: Page, m: number, k: number): Promise<void> {
  await expect(page.getByRole('region', { name: 'The product' })).toContainText(
    `${m} × ${k.toLocaleString('en')}`,
  );
}
