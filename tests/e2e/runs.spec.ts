/** Every split on the page, on each device. On all numbers of ranks, and to the last bit: tests/browser/split.test.ts. */

import { expect, type Page, test } from '@playwright/test';
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

test('ranks that hold nothing are shown, and right', async ({ page }) => {
  await open(page, { split: 'pair', ranks: 8, m: 1, k: 5, n: 3 });
  await expectProof(page, true);
});

test('a column split without the gather moves nothing, and is still checked', async ({ page }) => {
  await open(page, { split: 'column', gatherOutput: 0 });
  await expectProof(page, true);
  await expect(proof(page)).toContainText('each rank holds columns of its own');
});

test('the bias on every rank is caught, but where there is one', async ({ page }) => {
  await open(page, { split: 'row', ranks: 4, biasOnEveryRank: 1 });
  await expectProof(page, false);
  await expect(proof(page)).toContainText('The bias was added');
  await open(page, { split: 'row', ranks: 1, biasOnEveryRank: 1 });
  await expectProof(page, true);
});

for (const [preset, m, k, devices] of [
  ['Tiny', 2, 4, ['cpu']],
  ['Uneven', 7, 16, ['cpu', 'webgpu']],
  ['Llama 3.2 1B gate', 8, 2048, ['webgpu']],
  ['Llama 3.2 1B down', 8, 8192, ['cpu']],
  ['Llama 3.2 1B MLP', 8, 2048, ['cpu']],
] as const) {
  test(`preset ${preset} runs on ${devices.join(' and ')}`, async ({ page }) => {
    await open(page);
    await page.getByRole('button', { name: preset, exact: true }).click();
    for (const device of devices) {
      const name = { cpu: 'CPU', webgpu: 'WebGPU' }[device];
      await choose(page, 'Device', name);
      await expectSizeOfX(page, m, k);
      await expect(page.getByRole('banner')).toContainText(name);
      await expectProof(page, true);
    }
  });
}

/** X is drawn with its size, once its run is on the page. */
async function expectSizeOfX(page: Page, m: number, k: number): Promise<void> {
  await expect(page.getByRole('region', { name: 'The product' })).toContainText(
    `${m} × ${k.toLocaleString('en')}`,
  );
}
