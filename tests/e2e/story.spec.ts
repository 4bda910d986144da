/** The story, as a learner goes through it: wrong, then right with other numbers, by pointer and by key. */

import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, heading, open, watchErrors } from './page.ts';

/** Any answer that is wrong, whatever the numbers; and the right one, by other means than the page's. */
interface Answers {
  readonly title: string;
  readonly wrong: (page: Page) => Promise<void>;
  readonly right: (page: Page) => Promise<void>;
}

const CHAPTERS: readonly Answers[] = [
  {
    title: 'Too big for one',
    wrong: async () => {}, // it stands at one GPU
    async right(page) {
      const [, weights = '', memory = ''] =
        /take ([\d,.]+) GB, and one .* has ([\d.]+) GB/.exec(await body(page)) ?? [];
      const ratio = Number(weights.replace(',', '')) / Number(memory);
      const presses = [1, 2, 4, 8].findIndex((ranks) => ranks >= ratio * 0.999);
      await page.getByRole('slider', { name: /fewest GPUs/ }).focus();
      for (let i = 0; i < presses; i++) await page.keyboard.press('ArrowRight');
    },
  },
  {
    title: 'Cut by columns',
    wrong: (page) => page.getByRole('textbox').fill('96'),
    right: (page) => page.getByRole('textbox').fill('0'),
  },
  {
    title: 'Cut by rows',
    wrong: (page) => choose(page, /rank 0 has it/),
    right: (page) => choose(page, /cannot know/),
  },
  {
    title: 'The all-reduce',
    async wrong(page) {
      await page.getByRole('textbox').fill('1');
      await choose(page, 'rank 0');
    },
    async right(page) {
      const ranks = Number(/into (\d+) chunks/.exec(await body(page))?.[1]);
      const label = await page
        .getByRole('group', { name: /Who is first/ })
        .locator('legend')
        .innerText();
      await page.getByRole('textbox').fill(String(2 * (ranks - 1)));
      await choose(page, `rank ${/chunk (\d+)/.exec(label)?.[1]}`); // the owner of a chunk has its number
    },
  },
  {
    title: 'Order matters',
    wrong: (page) => choose(page, 'Both'),
    right: (page) => choose(page, 'By columns'),
  },
  {
    title: 'The pair',
    wrong: (page) => cut(page, 'by rows', 'by columns'),
    right: (page) => cut(page, 'by columns', 'by rows'),
  },
  {
    title: 'The bug',
    wrong: (page) => choose(page, /all_reduce/),
    right: (page) => choose(page, /F\.linear\(\w, self\.(weight, self\.bias|b, self\.b_bias)/),
  },
  {
    title: 'A real block',
    async wrong(page) {
      await page.getByRole('textbox').fill('3');
      await choose(page, 'perhaps none');
      await choose(page, 'Yes');
    },
    async right(page) {
      const layers = Number(/is (\d+) blocks/.exec(await body(page))?.[1]);
      const label = await page
        .getByRole('group', { name: /key\/value heads/ })
        .locator('legend')
        .innerText();
      const [heads = 0, ranks = 0] = [...label.matchAll(/\d+/g)].map(Number);
      await page.getByRole('textbox').fill(String(2 * layers));
      await choose(page, ranks <= heads ? 'its own' : 'one that others have too');
      await choose(page, 'No');
    },
  },
];

test('each chapter takes a wrong answer and a right one, on one screen', async ({ page }) => {
  test.setTimeout(180_000); // some thirty groups of ranks
  const errors = watchErrors(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('./#/story?device=cpu');
  for (const [index, { title, wrong, right }] of CHAPTERS.entries()) {
    await test.step(title, async () => {
      await expect(page.getByText(`Chapter ${index + 1} · ${title}`)).toBeVisible();
      await expect(ask(page)).toBeVisible();
      await expectOneScreen(page);
      await wrong(page);
      await ask(page).click();
      await expect(verdict(page)).toContainText('Not quite');
      await expectOneScreen(page);

      await page.getByRole('button', { name: 'Again, other numbers' }).click();
      await expect(page).toHaveURL(new RegExp(`${index === 0 ? '' : `chapter=${index + 1}&`}round=2`));
      await expect(ask(page)).toBeVisible();
      await right(page);
      await ask(page).focus();
      await page.keyboard.press('Enter');
      await expect(verdict(page)).toContainText('Right');
      await expectOneScreen(page);
      await expectNarrow(page);
      if (index === 3 || index === 6) await expectAccessible(page);
      await page.keyboard.press('PageDown');
    });
  }

  await test.step('Does it pay?', async () => {
    await expect(ask(page)).toBeVisible();
    await ask(page).click();
    // Which is right, only this machine knows.
    await expect(verdict(page)).toContainText(/\d\.\d\d × \(\d\.\d\d to \d\.\d\d\)/, { timeout: 60_000 });
    await expectOneScreen(page);
    await expectNarrow(page);
    await page.getByRole('button', { name: 'Next: the end' }).click();
  });

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/(All nine|Eight of nine) right/);
  await expectAccessible(page);
  await expect(page).toHaveURL(/chapter=10/); // written a third of a second later
  await page.reload();
  await expect(page.getByRole('button', { name: 'Chapter 3, Cut by rows, answered right' })).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Chapter 9 · Does it pay?')).toBeVisible();
  expect(errors).toEqual([]);
});

test('a chapter can be done without a pointer, and a word is defined where it stands', async ({ page }) => {
  await page.goto('./#/story?chapter=3&device=cpu');
  await expect(ask(page)).toBeVisible();
  const term = page.getByRole('button', { name: 'partial' });
  await term.focus();
  await expect(page.getByRole('tooltip')).toContainText('as large as the result');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toBeHidden();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowUp'); // round to the last of three
  await page.keyboard.press('Enter');
  await expect(verdict(page)).toContainText('Right');
  await expect(verdict(page)).toBeFocused(); // the next Tab goes on from there
  await page.getByRole('slider', { name: 'Moment of the run' }).press('Home');
  await expect(page.getByText('Y[3, 5] =')).toBeVisible();

  // The sheet for a teacher has the questions, a code for each, and nothing of the answers.
  await page.goto('./#/story?sheet=1');
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(9);
  await expect(page.getByRole('img', { name: /Code that opens chapter/ })).toHaveCount(9);
  await expectAccessible(page);
});

test('for a room, the product stands alone, and a clicker steps through it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page, { at: 1 });
  await page.keyboard.press('p');
  await expect(page).toHaveURL(/at=1&present=1/);
  await expect(page.getByRole('banner')).toBeHidden();
  const sentence = page.getByText(/^Each rank multiplies its columns of X by its rows of W/);
  await expect(sentence).toBeVisible();
  await expectOneScreen(page);
  await page.mouse.click(400, 300); // into the picture: keys work all the same
  await page.keyboard.press('PageDown');
  await expect(page.getByText(/^Rank 0 adds chunk 2 from rank 3: it now holds 2 of 4 terms/)).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(sentence).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('h');
  await expect(sentence).toBeHidden();
  await page.reload();
  await expect(sentence).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('banner')).toBeVisible();
  await expect(page).not.toHaveURL(/present/);
  await page.getByText('Splits at a glance').click();
  await page.getByRole('button', { name: 'column, gathered' }).click();
  await expect(heading(page)).toContainText('one all-gather');
});

test('each bug of the museum is caught as it was shipped, and right as it was mended', async ({ page }) => {
  await page.goto('./#/museum?device=cpu');
  const status = page.getByRole('status');
  const bugs = page.getByRole('group', { name: 'Bug' }).getByRole('radio');
  await expect(bugs).toHaveCount(13);
  for (const bug of (await bugs.all()).slice(0, -1)) {
    await bug.check();
    await expect(status).toContainText('Caught on');
    await page.getByRole('switch', { name: 'Mended' }).check();
    await expect(status).toContainText('Right on every rank');
  }
  await expect(page).toHaveURL(/bug=window&mended=1/);
  await expectAccessible(page);
  await page.getByRole('switch', { name: 'Mended' }).uncheck();
  await expect(status).toContainText('Caught on rank 1:');

  // And what is no bug: nothing to mend.
  await bugs.last().check();
  await expect(status).toContainText(/On 8 ranks, in float32 \d+ % of the sums/);
  await expect(page.getByRole('switch', { name: 'Mended' })).toHaveCount(0);
  await expect(page.getByRole('row')).toHaveCount(13);
  await expectAccessible(page);
  await expectNarrow(page);
});

function ask(page: Page) {
  return page.getByRole('button', { name: 'Ask the ranks' });
}

function verdict(page: Page) {
  return page.locator('[data-right]', { has: page.getByRole('table', { name: /Your prediction/ }) });
}

async function body(page: Page): Promise<string> {
  return (await page.getByRole('region', { name: 'The question' }).innerText()).replaceAll('\u00a0', ' ');
}

async function choose(page: Page, option: string | RegExp): Promise<void> {
  await page.getByRole('radio', { name: option, exact: typeof option === 'string' }).check();
}

async function cut(page: Page, a: string, b: string): Promise<void> {
  await page.getByRole('group', { name: 'Cut A' }).getByRole('radio', { name: a }).check();
  await page.getByRole('group', { name: 'Cut B' }).getByRole('radio', { name: b }).check();
}

/** Nothing is to be scrolled at 1280 × 720. */
async function expectOneScreen(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(
    0,
  );
}

/** A phone does not scroll sideways. */
async function expectNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  // Pictures are laid out anew a frame later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 720 });
}
