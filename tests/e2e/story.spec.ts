/** The story, as a learner goes through it: wrong, then right with other numbers, by pointer and by key. */

import { expect, type Locator, type Page, test } from '@playwright/test';
import {
  expectAccessible,
  expectOneScreen,
  heading,
  onPhone,
  open,
  watchErrors,
  wordsBelow,
} from './page.ts';

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
    right: (page) => type(page, '0'),
  },
  {
    title: 'Cut by rows',
    wrong: (page) => choose(page, /rank 0 has it/),
    right: (page) => pick(page, /cannot know/),
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
      await type(page, String(2 * (ranks - 1)));
      await pick(page, `rank ${/chunk (\d+)/.exec(label)?.[1]}`); // the owner of a chunk has its number
    },
  },
  {
    title: 'Order matters',
    wrong: (page) => choose(page, 'Both'),
    right: (page) => pick(page, 'By columns'),
  },
  {
    title: 'The pair',
    wrong: (page) => cut(page, 'by rows', 'by columns'),
    async right(page) {
      await pick(page.getByRole('group', { name: 'Cut A' }), 'by columns');
      await pick(page.getByRole('group', { name: 'Cut B' }), 'by rows');
    },
  },
  {
    title: 'The bug',
    wrong: (page) => choose(page, /all_reduce/),
    right: (page) => pick(page, /F\.linear\(\w, self\.\w, self\.\w_bias/),
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
      await type(page, String(2 * layers));
      await pick(page, ranks <= heads ? 'its own' : 'one that others have too');
      await pick(page, 'No');
    },
  },
];

test.use({ hasTouch: true });

test('each chapter takes a wrong answer on a phone and a right one by keyboard', async ({ page }) => {
  test.setTimeout(180_000); // some thirty groups of ranks
  const errors = watchErrors(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('./#/story?device=cpu');
  for (const [index, { title, wrong, right }] of CHAPTERS.entries()) {
    await test.step(title, async () => {
      await expect(page.getByText(`Chapter ${index + 1} · ${title}`)).toBeVisible();
      await expect(ask(page)).toBeVisible();
      await expectOneScreen(page);
      await onPhone(page, async () => {
        await wrong(page);
        await ask(page).tap();
        await expect(verdict(page)).toContainText('Not quite');
      });
      await expectOneScreen(page);
      await expectAccessible(page);

      // And with the keyboard alone.
      await page.getByRole('button', { name: 'Again, other numbers' }).press('Enter');
      await expect(page).toHaveURL(new RegExp(`${index === 0 ? '' : `chapter=${index + 1}&`}round=2`));
      await expect(ask(page)).toBeVisible();
      await right(page);
      await ask(page).press('Enter');
      await expect(verdict(page)).toContainText('Right');
      await expectOneScreen(page);
      await page.keyboard.press('PageDown');
    });
  }

  await test.step('Does it pay?', async () => {
    await expect(ask(page)).toBeVisible();
    await ask(page).click();
    // Which is right, only this machine knows.
    await expect(verdict(page)).toContainText(/\d\.\d\d × \(\d\.\d\d to \d\.\d\d\)/, { timeout: 60_000 });
    await expectOneScreen(page);
    await onPhone(page, async () => {});
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Next: the end' }).click();
  });

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/(All nine|Eight of nine) right/);
  // A title with a term in it is a line like the others.
  const titles = page.getByRole('article').getByRole('listitem');
  const heights = await titles.evaluateAll((items) => items.map((one) => one.clientHeight));
  expect(Math.max(...heights)).toBeLessThan(1.5 * Math.min(...heights));
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

test('for a room, a chapter is two slides whose words can be read from the last row', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto('./#/story?device=cpu&present=1');
  const picture = page.getByRole('region', { name: 'The picture' });
  const read = async (): Promise<void> => {
    await expectOneScreen(page);
    expect(await wordsBelow(page, 20)).toEqual([]);
  };
  for (const [index, { title, wrong }] of CHAPTERS.entries()) {
    await test.step(title, async () => {
      await expect(page.getByText(`Chapter ${index + 1} · ${title}`)).toBeVisible();
      await expect(ask(page)).toBeVisible();
      await expect(picture).toBeHidden();
      await read();
      await page.keyboard.press('PageDown');
      await expect(picture).toBeVisible();
      await read();
      if (title === 'The bug') await wrong(page); // which is chosen in the picture
      await page.keyboard.press('PageUp');
      if (title !== 'The bug') await wrong(page);
      await ask(page).click();
      await expect(verdict(page)).toContainText('Not quite');
      await read();
      await page.getByRole('button', { name: 'Picture', exact: true }).click();
      await expect(picture).toBeVisible();
      await read();
      await page.keyboard.press('PageDown');
    });
  }
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('banner')).toBeVisible();
});

function ask(page: Page) {
  return page.getByRole('button', { name: 'Run it on the ranks' });
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

/** Chooses by the keyboard: the arrow keys go round a group, until they are where they should be. */
async function pick(scope: Page | Locator, option: string | RegExp): Promise<void> {
  const radio = scope.getByRole('radio', { name: option, exact: typeof option === 'string' });
  const name = (await radio.getAttribute('name')) ?? '';
  const group = radio.page().locator(`input[name="${name}"]`);
  await group.first().focus();
  await radio.page().keyboard.press('Space');
  for (let i = 0; i < (await group.count()) && !(await radio.isChecked()); i++)
    await radio.page().keyboard.press('ArrowDown');
  await expect(radio).toBeChecked();
}

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').focus();
  await page.keyboard.type(text);
}

async function cut(page: Page, a: string, b: string): Promise<void> {
  await page.getByRole('group', { name: 'Cut A' }).getByRole('radio', { name: a }).check();
  await page.getByRole('group', { name: 'Cut B' }).getByRole('radio', { name: b }).check();
}
