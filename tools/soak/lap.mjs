// A lap: the pages in turn, as a visitor goes through them, without a reload.

/**
 * @typedef {import('@playwright/test').Page} Page
 * @typedef {{ readonly ranks: number, readonly query: string }} Stop
 */

/** So long a run may take, on a busy machine without a GPU. */
const RUN_MS = 120_000;
const POLL_MS = 100;

/** Each has other ranks than the one before, so that each is a launch. @type {readonly Stop[]} */
const SPLITS = [
  { ranks: 2, query: 'ranks=2&device=webgpu' },
  { ranks: 4, query: 'device=cpu' },
  { ranks: 1, query: 'ranks=1&device=cpu' },
  { ranks: 3, query: 'ranks=3&device=cpu&split=column&m=64&k=256&n=256' },
];
/** @type {readonly Stop[]} */
const LAYERS = [
  { ranks: 2, query: 'layer=mlp&ranks=2&device=cpu' },
  { ranks: 1, query: 'layer=attention&ranks=1&device=cpu' },
  { ranks: 4, query: 'layer=block&device=cpu&ranks=4' },
];
/** A conversation of a hundred tokens on each. @type {readonly Stop[]} */
const MODELS = [
  { ranks: 2, query: 'ranks=2&device=cpu&tokens=100' },
  { ranks: 3, query: 'ranks=3&device=cpu&tokens=100' },
  { ranks: 1, query: 'ranks=1&device=cpu&tokens=100' },
];
const CELLS =
  'suite=collectives,layers&ops=all_reduce,row_linear&device=cpu&ranks=1,2&sizes=4,4KiB,64KiB&shapes=4x32x48&budget=10ms';

/** In the order of a lap, which ends with a benchmark whatever is chosen: for its own, it has the ranks of others end. */
export const PAGES = /** @type {const} */ (['split', 'layers', 'model', 'story', 'museum', 'plan']);

/**
 * Every run must end with its proof, or this throws.
 * @param {Page} page
 * @param {number} number the seed of the numbers
 * @param {readonly (typeof PAGES)[number][]} pages
 */
export async function runLap(page, number, pages) {
  if (pages.includes('split')) for (const stop of SPLITS) await go(page, 'split', stop, number, /✓ Checked:/);
  if (pages.includes('layers'))
    for (const stop of LAYERS) await go(page, 'layers', stop, number, /✓ Predicted/);
  if (pages.includes('model'))
    for (const stop of MODELS) await go(page, 'model', stop, number, /✓ Checked: [\d,]+ tokens/);
  if (pages.includes('story')) await story(page, number);
  if (pages.includes('museum')) await museum(page, number);
  if (pages.includes('plan')) await plan(page, number);
  await benchmark(page);
}

/**
 * @param {Page} page
 * @param {'split' | 'layers' | 'model'} id
 * @param {Stop} stop
 * @param {number} seed
 * @param {RegExp} proof
 */
async function go(page, id, { ranks, query }, seed, proof) {
  const launches = await launchesOf(page);
  const hash = `#/${id}?${query}&seed=${seed}`;
  await turnTo(page, hash);
  const summary = page.locator('summary', { hasText: proof });
  const stop = page.getByRole('button', { name: 'Stop' }).first(); // the Model page has one beside its text, too
  const script = { split: 'split.rank', layers: 'layer.rank', model: 'model.rank' }[id];
  const done = async () =>
    (await launchesOf(page)) > launches &&
    page.workers().filter((worker) => worker.url().includes(script)).length === ranks &&
    (await summary.isVisible()) &&
    !(await stop.isVisible());
  await proved(page, hash, done);
}

/**
 * The chapter of two products: each answer is a launch of ranks of its own.
 * @param {Page} page
 * @param {number} round
 */
async function story(page, round) {
  const hash = `#/story?chapter=6&round=${round}&device=cpu`;
  await turnTo(page, hash);
  for (const cut of ['Cut A', 'Cut B'])
    await page.getByRole('group', { name: cut }).getByRole('radio', { name: 'by rows' }).check();
  await page.getByRole('button', { name: 'Run it on the ranks' }).click();
  const verdict = page.getByRole('table', { name: 'Your prediction and what the ranks found' });
  await proved(page, hash, () => verdict.isVisible());
}

/**
 * A bug and the same mended, on ranks that live on until the benchmark.
 * @param {Page} page
 * @param {number} seed
 */
async function museum(page, seed) {
  for (const [mended, said] of /** @type {const} */ ([
    [0, /^✗ Caught on/],
    [1, /^✓ Right on every rank/],
  ])) {
    const hash = `#/museum?mended=${mended}&seed=${seed}&device=cpu`;
    await turnTo(page, hash);
    const status = page.locator('article').getByRole('status').filter({ hasText: said });
    await proved(page, hash, () => status.isVisible());
  }
}

/**
 * Without ranks: its worker lives as long as the page.
 * @param {Page} page
 * @param {number} number
 */
async function plan(page, number) {
  const hash = `#/plan?sequences=${1 + (number % 64)}`;
  await turnTo(page, hash);
  const sentence = page.getByRole('heading', { level: 1, name: /tokens a second a sequence$/ });
  await proved(
    page,
    hash,
    async () => (await sentence.isVisible()) && (await page.locator('[data-stale]').count()) === 0,
  );
}

/**
 * Waits until it is done some times in a row: a run that has only just begun shows no sign of its own, and the last one's
 * proof.
 * @param {Page} page
 * @param {string} hash
 * @param {() => Promise<boolean>} done
 */
async function proved(page, hash, done) {
  const end = performance.now() + RUN_MS;
  for (let seen = 0; seen < 4; seen = (await done()) ? seen + 1 : 0) {
    if (performance.now() > end) throw new Error(`${hash} came to no proof: ${await textOf(page)}`);
    await page.waitForTimeout(POLL_MS);
  }
}

/** @param {Page} page */
async function benchmark(page) {
  await turnTo(page, `#/benchmark?${CELLS}`);
  const run = page.getByRole('button', { name: /^Run 5 cells/ });
  await run.click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await run.waitFor({ timeout: RUN_MS });
  const verdict = page.locator('summary', { hasText: /5 cells, 0 wrong/ });
  // It is drawn some frames behind the end.
  await verdict.waitFor({ timeout: RUN_MS }).catch(async (cause) => {
    throw new Error(`The benchmark came to no verdict: ${await textOf(page)}`, { cause });
  });
  // What is kept on purpose would look like what is lost.
  await page.getByRole('button', { name: /^Delete / }).click();
}

/**
 * @param {Page} page
 * @param {string} hash
 */
function turnTo(page, hash) {
  return page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/**
 * Every launch allocates one shared memory; see countLaunches.
 * @param {Page} page
 * @returns {Promise<number>}
 */
export function launchesOf(page) {
  return page.evaluate(() => /** @type {any} */ (window).launches);
}

/** To be run in the page before its own scripts. */
export function countLaunches() {
  const { Memory } = WebAssembly;
  Object.assign(window, { launches: 0 });
  WebAssembly.Memory = class extends Memory {
    constructor(/** @type {WebAssembly.MemoryDescriptor} */ descriptor) {
      super(descriptor);
      /** @type {any} */ (window).launches++;
    }
  };
}

/** @param {Page} page */
async function textOf(page) {
  return (await page.locator('main').innerText()).slice(0, 500).replaceAll('\n', ' ');
}
