/** What a stranger meets: a page that has already run. */

import { expect, test } from '@playwright/test';
import { expectProof, heading, proof, ranksAlive, watchErrors } from './page.ts';

test('the page opens on a run that is finished and correct, on four WebGPU ranks, by at most 250 kB of JavaScript', async ({
  page,
}) => {
  const errors = watchErrors(page);
  const sizes = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const url = response.url();
    if (url.endsWith('.js') && !sizes.has(url)) sizes.set(url, response.body().then(gzippedSize));
  });
  await page.goto('./');
  await expect(proof(page)).toBeVisible();
  await expectProof(page, true);
  await expect(heading(page)).toHaveText('Row split on 4 ranks: four partial products, one all-reduce');
  expect(ranksAlive(page)).toBe(4);
  expect(await page.evaluate(() => [crossOriginIsolated, 'gpu' in navigator])).toEqual([true, true]);
  await expect(page.getByRole('banner')).toContainText('WebGPU');
  expect(errors).toEqual([]);
  const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(250_000);
});

async function gzippedSize(body: Buffer): Promise<number> {
  const stream = new Blob([new Uint8Array(body)]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
